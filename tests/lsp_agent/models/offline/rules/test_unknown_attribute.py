"""Attributes that a class does not have."""

import pytest

from tests.lsp_agent.models.offline.rules.checking import candidates, check, problem, refuse


@pytest.mark.parametrize(
    "message",
    [
        "Unknown attribute 'uper' of 'str'; did you mean 'upper'?",
        'Cannot access attribute "uper" for class "str"\n  Attribute "uper" is unknown',
        '"str" has no attribute "uper"; maybe "upper"?',
        '"str" has no attribute "uper"',
        "Object of type `str` has no attribute `uper`",
    ],
)
def test_a_misspelled_attribute_is_corrected(message: str) -> None:
    code = "unknown-attribute" if message.startswith("Unknown") else "attribute"
    for marked in ("x = 'a'.<<uper>>()\n", "x = <<'a'.uper>>()\n"):
        check("unknown_attribute", problem(marked, code, message=message), "x = 'a'.upper()\n")


@pytest.mark.parametrize(
    "message",
    [
        'Cannot access attribute "upcase" for class "str"',
        'Cannot access attribute "uper" for class "Unheard"',
        'Cannot access attribute "upper" for class "str"',
        '"Module" has no attribute "uper"; maybe "upper"?',
    ],
)
def test_an_attribute_nobody_can_be_sure_of_is_refused(message: str) -> None:
    refuse("unknown_attribute", problem("x = 'a'.<<uper>>()\n", "attribute", message=message))


def test_an_attribute_of_a_class_of_the_file_is_corrected() -> None:
    text = "class A:\n    def __init__(self):\n        self.width = 1\n\n\nprint(A().{})\n"
    message = 'Cannot access attribute "widht" for class "A"'
    one = problem(text.format("<<widht>>"), "attribute", message=message)
    check("unknown_attribute", one, text.format("width"))
    assert all(each.is_proven for each in candidates("unknown_attribute", one))
