"""A hover has the signature, the type that was found out, and the docstring."""

from pathlib import Path

import pytest

from mcp_tools.code.navigation.hover import Hover, hover
from mcp_tools.types.documents import Document
from tests.support.codebases import codebase_of

_TEXT = '''\
"""About jobs.

    Indented.
"""
import a


class Job:
    """One job.

    Runs once.
    """

    @property
    def speed(self) -> int:
        r"""How \\d fast."""
        return 1

    @classmethod
    def make(
        cls,
        size: int = 3,  # in pieces
    ) -> "Job":
        job = cls()
        return job


job = Job()
job.speed
Job.make(size=1)
unknown
'''


def _hover(text: str, tmp_path: Path) -> Hover | None:
    codebase = codebase_of({"a.py": _TEXT}, tmp_path)
    return hover(codebase, "a.py", _TEXT.index(text))


@pytest.mark.parametrize(
    ("text", "signature", "documentation"),
    [
        ("Job()", "class Job", "One job.\n\nRuns once."),
        ("speed\n", "@property def speed(self) -> int", "How \\d fast."),
        ("make(size", '@classmethod def make(cls, size: int = 3) -> "Job"', ""),
        ("a\n", "module a", "About jobs.\n\nIndented."),
        ("job.speed", "job: Job", ""),
    ],
)
def test_a_hover_says_what_a_name_is(
    text: str, signature: str, documentation: str, tmp_path: Path
) -> None:
    found = _hover(text, tmp_path)
    assert found is not None
    assert (found.signature, found.documentation) == (signature, documentation)


def test_a_parameter_has_its_annotation_or_type(tmp_path: Path) -> None:
    found = _hover("size: int", tmp_path)
    assert found is not None
    assert found.signature.startswith("size: int")
    assert found.item.path == "Job/make/size"


@pytest.mark.parametrize("text", ["unknown", "# in", "About"])
def test_what_is_not_known_has_no_hover(text: str, tmp_path: Path) -> None:
    assert _hover(text, tmp_path) is None


def test_the_span_is_that_of_the_name(tmp_path: Path) -> None:
    found = _hover("Job()", tmp_path)
    assert found is not None
    assert _TEXT[found.span.start : found.span.end] == "Job"


class _Oracle:
    """Knows one type, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def type_at(self, document: Document, offset: int) -> str:
        self.asked.append(document.text[offset:].partition(" ")[0])
        return "Told"

    def close(self) -> None:
        """Nothing is running."""


def test_an_oracle_is_asked_for_a_type_that_is_not_known_otherwise(tmp_path: Path) -> None:
    text = "from nowhere import make\nmade = make()\nsure = 1\n"
    codebase = codebase_of({"a.py": text}, tmp_path)
    oracle = _Oracle()
    unsure = hover(codebase, "a.py", text.index("made"), oracle=oracle)
    sure = hover(codebase, "a.py", text.index("sure"), oracle=oracle)
    assert unsure is not None
    assert sure is not None
    assert (unsure.signature, sure.signature) == ("made: Told", "sure: int")
    assert oracle.asked == ["made"]
