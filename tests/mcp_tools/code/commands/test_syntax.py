"""Tests of what is taken from the tree of a line."""

import pytest

from mcp_tools.code.commands.syntax import parse


def _words(line: str) -> list[list[str]]:
    return [[word.text for word in command.words] for command in parse(line).commands]


def test_a_plain_line_gives_steps_with_their_joiners() -> None:
    script = parse("a | b && c || d; e\nf")
    assert [step.joiner for step in script.steps] == ["", "&&", "||", ";", "\n"]
    assert [len(step.commands) for step in script.steps] == [2, 1, 1, 1, 1]
    assert script.oddities == ()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("ls $(rm x)", "command_substitution"),
        ("ls `rm x`", "command_substitution"),
        ("cat <(rm x)", "process_substitution"),
        ("ls $x", "simple_expansion"),
        ("ls ${x}", "expansion"),
        ("ls $((1))", "arithmetic_expansion"),
        ("ls {1..2}", "brace_expression"),
        ("cat <<E\nE", "heredoc_redirect"),
        ("cat <<< a", "herestring_redirect"),
        ("f() { rm x; }", "function_definition"),
        ("for i in a; do rm x; done", "for_statement"),
        ("(rm x)", "subshell"),
        ("{ rm x; }", "compound_statement"),
        ("! rm x", "negated_command"),
        ("[[ a ]]", "test_command"),
        ("rm x &", "&"),
        ("rm x |& wc", "|&"),
        ("export A=1", "declaration_command"),
        ("a=(1 2) ls", "array"),
        ("ls;;", ";;"),
        ("ls |", "MISSING"),
        ("ls '", "ERROR"),
        ("a=1 b=2", "variable_assignments"),
    ],
)
def test_each_node_that_is_not_listed_is_an_oddity(line: str, kind: str) -> None:
    script = parse(line)
    assert kind in {oddity.kind for oddity in script.oddities}
    assert script.steps == ()


@pytest.mark.parametrize(
    "line",
    [
        "echo $(rm x)",
        'echo "$(rm x)"',
        "cat <(rm x)",
        "for i in a; do rm x; done",
        "if ls; then rm x; fi",
        "f() { rm x; }",
        "ls & rm x",
        "echo ${a:-$(rm x)}",
        "case a in a) rm x;; esac",
    ],
)
def test_commands_of_an_odd_line_are_seen_at_any_depth(line: str) -> None:
    assert ["rm", "x"] in _words(line)


def test_builtins_with_a_syntax_of_their_own_are_commands() -> None:
    assert _words("export A=1; unset B; [ -f x ]")[0][0] == "export"
    assert [words[0] for words in _words("export A=1; unset B; [ -f x ]")] == [
        "export",
        "unset",
        "[",
    ]


def test_depth_has_a_bound() -> None:
    assert "too deep" in {oddity.kind for oddity in parse("$(" * 48 + "a" + ")" * 48).oddities}
