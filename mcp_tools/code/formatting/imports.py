"""The text of a Python file with its imports in order."""

import json
from typing import cast

from mcp_tools.code.formatting.formatted import run_ruff, syntax_error
from mcp_tools.types.calls import ToolContext
from mcp_tools.types.documents import Document

_SORTING = "I"
_UNUSED = "F401"


async def organized(
    context: ToolContext, document: Document, *, removes_unused: bool
) -> tuple[str, int]:
    """Give the text with sorted imports, and how many are unused but stay.

    Raises: InvalidEdit for a syntax error; ProgramFailed.
    """
    rules = f"{_SORTING},{_UNUSED}"
    check = (
        "ruff",
        "check",
        "--no-cache",
        "--no-force-exclude",
        "--exit-zero",
        "--no-unsafe-fixes",
    )
    looking = (*check, "--no-fix", "--no-fix-only", "--output-format=json", f"--select={rules}")
    codes = _codes(await run_ruff(context, document, looking), context.display(document.path))
    wanted = rules if removes_unused else _SORTING
    text = await run_ruff(context, document, (*check, "--fix-only", f"--select={wanted}"))
    return text, 0 if removes_unused else codes.count(_UNUSED)


def _codes(output: str, name: str) -> list[str]:
    """Give the rules that ruff's findings are of. Raises: InvalidEdit for a syntax error."""
    codes: list[str] = []
    for finding in cast(list[dict[str, object]], json.loads(output)):
        code = finding.get("code")
        if not isinstance(code, str) or code == "invalid-syntax":
            place = cast(dict[str, int], finding["location"])
            reason = f"{place['row']}:{place['column']}: {finding['message']}"
            raise syntax_error(name, reason)
        codes.append(code)
    return codes
