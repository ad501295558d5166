"""What text becomes on a terminal."""

import pytest

from lsp_agent.cli.terminal import diff_style, harmless


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("\x1b[31mred\x07", "<U+001B>[31mred<U+0007>"),
        ("a\u202eb\u2066c", "a<U+202E>b<U+2066>c"),
        ("\x9b2J", "<U+009B>2J"),
        ("déjà 🙂", "déjà 🙂"),
    ],
)
def test_what_would_steer_the_terminal_is_spelled_out(text: str, shown: str) -> None:
    assert harmless(text) == shown


@pytest.mark.parametrize(
    ("line", "style"),
    [
        ("+++ b/a.py", "bold"),
        ("--- a/a.py", "bold"),
        ("+x", "green"),
        ("-x", "red"),
        ("@@ -1 +1 @@", "cyan"),
        (" x", ""),
        ("", ""),
    ],
)
def test_lines_of_a_difference_have_their_color(line: str, style: str) -> None:
    assert diff_style(line) == style
