"""Checks of the syntax tree: whatever is not a plain sequence of simple commands."""

from collections.abc import Iterator, Mapping

from lsp_agent.permissions.shell.checks.check import Check
from lsp_agent.permissions.shell.judgement import Finding
from mcp_tools.code.commands.script import Script

INCOMPLETE_COMMAND = Check(
    name="incomplete-command", meaning="it does not parse, or something is missing"
)
SUBSTITUTION = Check(
    name="substitution", meaning="the output of a command becomes part of another: `$(...)`"
)
PROCESS_SUBSTITUTION = Check(
    name="process-substitution", meaning="a command is put in the place of a file: `<(...)`"
)
EXPANSION = Check(
    name="expansion", meaning="a variable or a calculation: what it stands for is not seen here"
)
BRACE_EXPANSION = Check(
    name="brace-expansion", meaning="one word becomes several: `{a,b}` or `{1..9}`"
)
HERE_DOCUMENT = Check(name="here-document", meaning="text in the line is the input of a command")
FUNCTION = Check(
    name="function", meaning="a function or an alias: a name gets another meaning than it had"
)
COMPOUND_COMMAND = Check(
    name="compound-command", meaning="a loop, a condition, a group, or another word of the syntax"
)
BACKGROUND = Check(
    name="background", meaning="a command is left running beside the rest: a single `&`"
)
STATE_OF_SHELL = Check(
    name="shell-state",
    meaning="a builtin that runs text, or changes what later commands mean or see",
)
PARSER_DISAGREEMENT = Check(
    name="parser-disagreement", meaning="the tree and the rules of the shell differ in a token"
)
TOO_MUCH = Check(name="budget", meaning="it is too long, too deep, or takes too long to judge")
UNLISTED_SYNTAX = Check(
    name="unlisted-syntax", meaning="a kind of syntax that is not on the list of what is known"
)


def _table(rows: Mapping[Check, str]) -> dict[str, Check]:
    return {kind: check for check, kinds in rows.items() for kind in kinds.split()}


_CHECKS = _table(
    {
        INCOMPLETE_COMMAND: "ERROR MISSING incomplete",
        SUBSTITUTION: "command_substitution",
        PROCESS_SUBSTITUTION: "process_substitution",
        EXPANSION: "simple_expansion expansion arithmetic_expansion variable_name "
        "special_variable_name subscript array $",
        BRACE_EXPANSION: "brace_expression",
        HERE_DOCUMENT: "heredoc_redirect heredoc_start heredoc_body heredoc_content heredoc_end "
        "herestring_redirect",
        FUNCTION: "function_definition",
        COMPOUND_COMMAND: "for_statement c_style_for_statement while_statement do_group "
        "if_statement elif_clause else_clause case_statement case_item compound_statement "
        "subshell negated_command test_command unary_expression binary_expression test_operator",
        BACKGROUND: "&",
        STATE_OF_SHELL: "declaration_command unset_command variable_assignments",
        PARSER_DISAGREEMENT: "disagreement",
    }
) | {
    "continued word": PARSER_DISAGREEMENT,
    "reserved word": COMPOUND_COMMAND,
    "too long": TOO_MUCH,
    "too deep": TOO_MUCH,
}
"""By the type of a node, or by what the layout of tokens found."""


def syntax(script: Script) -> Iterator[Finding]:
    """Find each kind of syntax that is not plain, the first of each kind."""
    seen: set[Check] = set()
    for oddity in script.oddities:
        check = _CHECKS.get(oddity.kind, UNLISTED_SYNTAX)
        if check not in seen:
            seen.add(check)
            yield check.high(oddity.text or f"{oddity.kind.lower()} at the end")
