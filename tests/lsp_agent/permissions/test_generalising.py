"""From commands to the rules that would allow them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_agent.permissions.generalising import rules_for_commands, rules_for_url
from lsp_agent.permissions.matching import is_about_command


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("npm", "test"), "npm test"),
        (("npm", "run", "a b"), "npm run 'a b'"),
        (("pytest",), "pytest"),
        (("pytest", "-q"), "pytest -q"),
        (("pytest", "tests/test_a.py", "-k", "x"), "pytest tests/** -k *"),
        (("pytest", "tests/a.py::test_b"), "pytest tests/**"),
        (("pytest", "./tests/"), "pytest ./tests/**"),
        (("pytest", "test_a.py"), "pytest test_a.py"),
        (("pytest", "/abs/a.py"), "pytest /abs/a.py"),
        (("pytest", "../a/b.py"), "pytest ../a/b.py"),
        (("pytest", "-p", "a/b"), "pytest -p a/**"),
        (("pytest", "-k", "a/b"), "pytest -k a/b"),
        (("python", "-m", "pytest", "tests/a.py"), "python -m pytest tests/**"),
        (("ruff", "check", "src/a.py", "--fix"), "ruff check src/** --fix"),
        (("git", "commit", "-m", "a fix"), "git commit -m **"),
        (("git", "commit", "-m", "-x"), "git commit -m -x"),
        (("python", "a.py"), "python a.py"),
        (("./run.sh", "a*"), "./run.sh 'a*'"),
        (("mkdir", "a/b"), "mkdir a/b"),
        (("curl", "https://a.example/x"), "curl https://a.example/x"),
    ],
)
def test_known_programs_have_a_shape_and_others_their_words(
    words: tuple[str, ...], expected: str
) -> None:
    (found,) = rules_for_commands([words])
    assert found.pattern == expected
    assert is_about_command(found, words)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("bash",),
        ("sh", "-s"),
        ("python",),
        ("python3", "-"),
        ("/usr/bin/python3", "-i"),
        ("node",),
        ("xargs", "rm"),
        ("env", "a"),
        ("sudo", "a"),
        ("eval", "a"),
        (".", "a"),
        ("a", "b\nc"),
        ("a", "b\u202ec"),
        ("",),
    ],
)
def test_what_could_be_anything_gets_no_rule(words: tuple[str, ...]) -> None:
    assert rules_for_commands([words]) == ()
    assert rules_for_commands([("npm", "test"), words]) == ()


def test_like_commands_need_one_rule() -> None:
    found = rules_for_commands([("ruff", "check", "src/a.py"), ("ruff", "check", "src/b.py")])
    assert [rule.text for rule in found] == ["allow command ruff check src/**"]


PIECES = ("-k", "-m", "a/b", "..", "../x", "/y", "~", "*", "-x", "a=/b", "'", "a/", "...", "a b/c")


@given(st.lists(st.sampled_from(PIECES), max_size=5))
def test_a_rule_always_allows_what_it_was_made_from(words: list[str]) -> None:
    command = ("pytest", *words)
    for found in rules_for_commands([command]):
        assert is_about_command(found, command)
        assert not is_about_command(found, (*command, "-p", "evil"))


def test_an_address_gets_a_rule_for_its_host_alone() -> None:
    (found,) = rules_for_url("https://docs.example.com/a?b")
    assert found.text == "allow host docs.example.com"
    assert rules_for_url("https://a@b/") == ()
