"""What every client's model is told about the server, in under 150 words."""

from collections.abc import Collection, Sequence

_LOOKS = {
    "repo_map": "repo_map for an overview",
    "find_symbol": "find_symbol for where a name is",
    "symbol_overview": "symbol_overview for what a file has",
    "read_symbol": "read_symbol for one definition",
    "references": "references for who uses it",
    "grep": "grep for other text",
}
_BY_SYMBOL = ("replace_symbol", "insert_symbol", "rename_symbol")
_CHECKS = {"diagnostics": "diagnostics after each change", "run_tests": "run_tests at the end"}

_INTRODUCTION = "Tools for working on this project's code, by symbols rather than by lines."
_HELD = (
    "An edit may be held as a proposal: your own reads show it, the disk does not have it yet, "
    "and the answer says how a person accepts it."
)
_ERRORS = (
    "An error says what to do next. Denied means that a rule or a person said no: do not try "
    "another way, ask."
)
_ROOTS = "Several projects are served: say in `root` which one you mean."


def instructions_for(names: Collection[str], roots: Sequence[str] = ()) -> str:
    """Teach the workflow with the tools that are offered, and no others.

    `roots` are the names of the projects to choose from; empty for the only one.
    """
    looks = [text for name, text in _LOOKS.items() if name in names]
    checks = [text for name, text in _CHECKS.items() if name in names]
    paragraphs = [
        _INTRODUCTION,
        f"Look: {', '.join(looks)}." if looks else "",
        _changes(names),
        f"Check: {', '.join(checks)}." if checks and _changes(names) else "",
        _ERRORS,
        _ROOTS if len(roots) > 1 else "",
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _changes(names: Collection[str]) -> str:
    by_symbol = [name for name in _BY_SYMBOL if name in names]
    ways: list[str] = []
    if by_symbol:
        ways.append(f"{', '.join(by_symbol)} for whole definitions")
    if "edit_file" in names:
        ways.append("edit_file for the rest; read a file before you edit it")
    return f"Change: {', '.join(ways)}. {_HELD}" if ways else ""
