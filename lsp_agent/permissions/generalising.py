"""From what is asked about to the rules that would allow it from now on.

A rule stands for the very words that were asked about; for programs whose words are known to be
files to check or test, or texts, it stands for their shape. What would allow anything at all,
such as a shell that reads its commands from a pipe, gets no rule.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from lsp_agent.permissions.command_patterns import command_pattern, quoted
from lsp_agent.permissions.hosts import host_of
from lsp_agent.permissions.matching import InvalidRule, parse_clause
from lsp_agent.permissions.rules import Do, Rule, Scope, Subject
from mcp_tools.types.calls import Tool

_PYTEST = {"-k": "*", "-m": "*"}
_SHAPES: Mapping[tuple[str, ...], Mapping[str, str]] = {
    ("pytest",): _PYTEST,
    ("py.test",): _PYTEST,
    ("python", "-m", "pytest"): _PYTEST,
    ("python3", "-m", "pytest"): _PYTEST,
    ("uv", "run", "pytest"): _PYTEST,
    ("poetry", "run", "pytest"): _PYTEST,
    ("python", "-m", "unittest"): {},
    ("python3", "-m", "unittest"): {},
    ("ruff", "check"): {},
    ("ruff", "format"): {},
    ("black",): {},
    ("isort",): {},
    ("flake8",): {},
    ("mypy",): {},
    ("pyright",): {},
    ("basedpyright",): {},
    ("tsc",): {},
    ("eslint",): {},
    ("prettier",): {},
    ("jest",): {"-t": "*"},
    ("vitest", "run"): {"-t": "*"},
    ("go", "test"): {"-run": "*"},
    ("go", "build"): {},
    ("go", "vet"): {},
    ("gofmt",): {},
    ("rustfmt",): {},
    ("git", "add"): {},
    ("git", "commit"): {"-m": "**"},
}
"""First words of commands whose further words with a `/` are files of the workspace.

Below each are its options whose value may be another one, with what the rule has for it.
"""

_READERS = frozenset(
    """
    ash bash csh dash deno fish irb julia ksh lua node perl php powershell pwsh python python2
    python3 R ruby sh tclsh zsh
    """.split()  # noqa: SIM905 -- a table of names reads best as text
)
"""Programs that run what comes through a pipe when no file is named."""

_STARTERS = frozenset(
    """
    . builtin command doas env eval exec find nohup parallel setsid source su sudo time timeout
    watch xargs
    """.split()  # noqa: SIM905 -- a table of names reads best as text
)
"""Programs that run others; a rule for one would be a rule for whatever comes next."""


def rules_for_commands(commands: Iterable[tuple[str, ...]]) -> tuple[Rule, ...]:
    """Give the rules for simple commands, by their words; none if one should have no rule."""
    patterns = [_pattern_for(words) for words in commands]
    if None in patterns:
        return ()
    return _rules(Subject.COMMAND, *(pattern for pattern in patterns if pattern))


def rules_for_url(url: str) -> tuple[Rule, ...]:
    """Give the rule for the host of an address, and no other; none if that is not clear."""
    host = host_of(url)
    return () if host is None else _rules(Subject.HOST, host)


def rules_for_tool(tool: Tool) -> tuple[Rule, ...]:
    """Give the rule for a tool."""
    return _rules(Subject.TOOL, tool.name)


def _rules(subject: Subject, *patterns: str) -> tuple[Rule, ...]:
    """Give rules; none at all if one of them could not be read back."""
    try:
        rules = [parse_clause(Do.ALLOW, f"{subject} {each}", Scope.USER) for each in patterns]
    except InvalidRule:
        return ()
    return tuple(dict.fromkeys(rules))


def _pattern_for(words: tuple[str, ...]) -> str | None:
    """Give the pattern for a command; None for one that should have no rule."""
    if not words or _may_run_anything(words):
        return None
    exact = " ".join(map(quoted, words))
    shape = next((each for each in _SHAPES if words[: len(each)] == each), None)
    if shape is None:
        return exact
    general = " ".join((*shape, *_generalised(words[len(shape) :], _SHAPES[shape])))
    return general if command_pattern(general).allows(words) else exact


def _generalised(words: tuple[str, ...], free_values: Mapping[str, str]) -> Iterator[str]:
    """Give each word as it is, or what it is an example of."""
    previous = ""
    for word in words:
        yield free_values.get(previous) or _folder_of(word) or quoted(word)
        previous = word


def _folder_of(word: str) -> str:
    """Give the pattern for all files in the top folder of a file; empty if it is none."""
    parts = PurePosixPath(word).parts
    if word.startswith(("-", "/", "~")) or "/" not in word or ".." in parts or not parts:
        return ""
    top = f"./{parts[0]}" if word.startswith("./") else parts[0]
    return f"{quoted(top)}/**" if len(parts) > 1 or word.endswith("/") else ""


def _may_run_anything(words: tuple[str, ...]) -> bool:
    program, *others = words
    name = program.rpartition("/")[2]
    is_reader = name in _READERS and all(word.startswith("-") for word in others)
    return name in _STARTERS or is_reader
