"""Private keys: found line by line, in files, in numbered lines and without their end."""

from lsp_agent.secrets.private_keys import private_key_spans
from tests.lsp_agent.secrets.made_up import KEY_LINES, PRIVATE_KEY


def found(text: str) -> list[str]:
    """Give the parts of keys in a text."""
    return [text[start:end] for start, end, _ in private_key_spans(text)]


def test_each_line_of_a_key_is_found_and_its_marks_stay() -> None:
    assert found(f"a\n{PRIVATE_KEY}b\n") == [*KEY_LINES, "aB3="]


def test_all_lines_have_the_begin_of_their_key() -> None:
    assert {key for *_, key in private_key_spans(PRIVATE_KEY)} == {KEY_LINES[0]}


def test_numbers_of_lines_are_left() -> None:
    lines = "\n".join(f"{n:6}\t{line}" for n, line in enumerate(PRIVATE_KEY.splitlines(), 1))
    assert found(lines) == [*KEY_LINES, "aB3="]


def test_a_key_without_its_end_goes_on_to_the_first_other_line() -> None:
    cut = "\n".join(("-----BEGIN PRIVATE KEY-----", *KEY_LINES[:2], "[3 more lines]", "function"))
    assert found(cut) == list(KEY_LINES[:2])


def test_a_public_key_and_a_certificate_are_no_secrets() -> None:
    for kind in ("PUBLIC KEY", "CERTIFICATE"):
        assert found(PRIVATE_KEY.replace("RSA PRIVATE KEY", kind)) == []
