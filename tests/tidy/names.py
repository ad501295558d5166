"""Names of files and folders, and how deep they lie."""

from collections.abc import Iterator

from tests.tidy.source import Problem, Rule, Sample, SourceFile, problem

VAGUE_NAMES = {"base", "common", "helper", "helpers", "manager", "misc", "shared", "util", "utils"}
MAX_FOLDERS_IN_PACKAGE = 3


def vague_names(source: SourceFile) -> Iterator[Problem]:
    """No file or folder is named for nothing in particular: name the idea."""
    for part in source.path.removesuffix(".py").split("/"):
        if set(part.strip("_").split("_")) & VAGUE_NAMES:
            yield problem(source, 1, f"{part!r} says nothing: name the idea")


def depth(source: SourceFile) -> Iterator[Problem]:
    """Folders lie at most three deep under a package."""
    if source.is_product and len(source.path.split("/")) - 2 > MAX_FOLDERS_IN_PACKAGE:
        yield problem(source, 1, "more than three folders deep")


RULES = (
    Rule(
        name="names say something",
        check=vague_names,
        bad=(
            Sample(text="", path="mcp_tools/utils/paths.py"),
            Sample(text="", path="mcp_tools/code/jedi_helpers.py"),
            Sample(text="", path="tests/support/session_manager.py"),
        ),
        good=(Sample(text="", path="mcp_tools/code/paths.py"),),
    ),
    Rule(
        name="folders are shallow",
        check=depth,
        bad=(Sample(text="", path="mcp_tools/a/b/c/d/e.py"),),
        good=(Sample(text="", path="mcp_tools/a/b/c/e.py"),),
    ),
)
