"""The syntax tree of a shell line, and whether the bytes of the line say the same.

The tree is that of tree-sitter-bash. A line is plain if each node of its tree is listed here, and
if its tokens, read in their order by the rules of bash, make the same commands of the same words:
where grammar and shell could disagree, it is odd.
"""

from collections.abc import Iterator

import tree_sitter
import tree_sitter_bash
from tree_sitter import Node

from mcp_tools.code.commands.layout import Token, TokenKind, laid_out
from mcp_tools.code.commands.script import Oddity, Script, SimpleCommand, names
from mcp_tools.code.commands.words import read_word

_LANGUAGE = tree_sitter.Language(tree_sitter_bash.language())

_MAX_NODES = 4000
_MAX_DEPTH = 40

_WORDS = names("word number string raw_string ansi_c_string concatenation")
_TOKENS = {
    **dict.fromkeys(_WORDS, TokenKind.WORD),
    "variable_assignment": TokenKind.ASSIGNMENT,
    "file_descriptor": TokenKind.DESCRIPTOR,
    "comment": TokenKind.COMMENT,
    **dict.fromkeys(("&&", "||", ";", "|"), TokenKind.OPERATOR),
    **dict.fromkeys(("<", ">", ">>", ">|", "<>", "&>", "&>>"), TokenKind.REDIRECT),
    **dict.fromkeys(("<&", ">&"), TokenKind.REDIRECT),
    **dict.fromkeys(("<&-", ">&-"), TokenKind.CLOSING),
}
"""Nodes that are one piece of a line."""

_GROUPS = names("program list pipeline command command_name redirected_statement file_redirect")
"""Nodes that are made of pieces."""

_WITHIN_WORDS = _WORDS | names('string_content variable_name " $ =')
_TESTS = names("test_command unary_expression binary_expression")
_TEST_WORDS = names("[ ] ! = != == test_operator")
"""Of the command `[`, whose words the tree takes for an expression; for bash they are words."""

_DECLARING = names("declaration_command unset_command")
"""Their first word is no named node."""
_COMMANDS = _DECLARING | names("command test_command")


def parse(line: str) -> Script:
    """Read a line of valid text of a bounded length."""
    source = line.encode()
    walk = _Walk(source)
    walk.visit(tree_sitter.Parser(_LANGUAGE).parse(source).root_node)
    if walk.oddities:
        return _odd(line, walk)
    layout = laid_out(source, walk.tokens)
    if layout.oddities:
        return _odd(line, walk, *layout.oddities)
    if layout.word_starts != walk.word_starts():
        return _odd(line, walk, Oddity(kind="disagreement", text=line))
    commands = tuple(command for step in layout.steps for command in step.commands)
    return Script(line=line, steps=layout.steps, commands=commands)


def _odd(line: str, walk: "_Walk", *more: Oddity) -> Script:
    commands = tuple(walk.rough_command(node) for node in walk.commands)
    return Script(line=line, commands=commands, oddities=(*walk.oddities, *more))


class _Walk:
    """Goes through a tree, and takes down tokens, commands, and what is not listed."""

    def __init__(self, source: bytes) -> None:
        self.tokens: list[Token] = []
        self.commands: list[Node] = []
        self.oddities: list[Oddity] = []
        self._source = source
        self._n_nodes = 0

    def visit(self, node: Node, depth: int = 0) -> None:
        """Take down a node outside of words, and all below it."""
        if not self._is_in_budget(node, depth):
            return
        if node.type in _COMMANDS:
            self.commands.append(node)
        if node.type == "test_command" and node.children[0].type == "[":
            self._visit_test(node, depth)
            return
        kind = _TOKENS.get(node.type)
        if kind is not None and not node.is_missing:
            self.tokens.append(Token(kind=kind, start=node.start_byte, end=node.end_byte))
            for child in node.children:
                self._visit_within_word(child, depth + 1)
            return
        if node.type in _GROUPS and not node.is_missing:
            children = node.children
        else:
            self._note(node)
            children = node.named_children
        for child in children:
            self.visit(child, depth + 1)

    def word_starts(self) -> list[tuple[int, ...]]:
        """Give where the words of each command begin, by the tree."""
        starts = (tuple(child.start_byte for child in _words_of(node)) for node in self.commands)
        return sorted(starts)

    def rough_command(self, node: Node) -> SimpleCommand:
        """Give the words of a command in a line that is odd."""
        words = _words_of(node)
        if node.type in _DECLARING:
            words = [node.children[0], *words]
        return SimpleCommand(words=tuple(read_word(self._text(word)) for word in words))

    def _visit_test(self, node: Node, depth: int) -> None:
        """Take down the words of `[`."""
        for child in node.children:
            if child.type in _TESTS and self._is_in_budget(child, depth + 1):
                self._visit_test(child, depth + 1)
            elif child.type in _TEST_WORDS and not child.is_missing:
                self.tokens.append(
                    Token(kind=TokenKind.WORD, start=child.start_byte, end=child.end_byte)
                )
            elif child.type in _WORDS:
                self.visit(child, depth + 1)
            else:
                self._note(child)

    def _visit_within_word(self, node: Node, depth: int) -> None:
        if not self._is_in_budget(node, depth):
            return
        if node.type in _COMMANDS:
            self.commands.append(node)
        if node.type in _WITHIN_WORDS and not node.is_missing:
            children = node.children
        else:
            self._note(node)
            children = node.named_children
        for child in children:
            self._visit_within_word(child, depth + 1)

    def _is_in_budget(self, node: Node, depth: int) -> bool:
        self._n_nodes += 1
        is_in = depth <= _MAX_DEPTH and self._n_nodes <= _MAX_NODES
        if not is_in and not any(oddity.kind == "too deep" for oddity in self.oddities):
            self.oddities.append(Oddity(kind="too deep", text=self._text(node)))
        return is_in

    def _note(self, node: Node) -> None:
        kind = "MISSING" if node.is_missing else node.type
        self.oddities.append(Oddity(kind=kind, text=self._text(node)))

    def _text(self, node: Node) -> str:
        return self._source[node.start_byte : node.end_byte].decode(errors="replace")


def _words_of(node: Node) -> list[Node]:
    """Give the words of a command, its name first; those of redirections are not among them."""
    return list(_each_word(node))


def _each_word(node: Node) -> Iterator[Node]:
    is_test = node.type in _TESTS
    for child in node.children:
        if child.type == "command_name":
            yield from child.children
        elif is_test and child.type in _TESTS:
            yield from _each_word(child)
        elif child.type in _TEST_WORDS if is_test and not child.is_named else _is_word(child):
            yield child


def _is_word(node: Node) -> bool:
    return node.is_named and node.type not in ("variable_assignment", "file_redirect")
