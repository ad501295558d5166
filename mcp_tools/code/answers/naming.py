"""Symbols by name, also where the index is not complete."""

import re
from collections.abc import Callable
from typing import TypeAlias

from mcp_tools.code.navigation.find_symbol import exact_symbols
from mcp_tools.code.navigation.name_paths import NamePath
from mcp_tools.code.navigation.naming import locate
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import NotFound

OpenView: TypeAlias = Callable[[], CodebaseView]
"""Gives a new view of the code, which knows what earlier ones have read."""

_MAX_NAMED = 10
_SEPARATORS = re.compile(r"[/.:]")


def located(open_view: OpenView, text: str) -> Target:
    """Find the symbol that a text names, as `locate` does.

    Raises: NotFound if there is none, or several; the message names candidates.
    """
    read_files_with(open_view(), text)
    # What a search by name may have missed is no matter any more for what is asked next, so that
    # the view of this search is not the one for it.
    return locate(open_view(), text)


def located_below(open_view: OpenView, folder: str, name: str) -> str:
    """Give `file:name path` of the symbol of that name below a folder (with `/` at its end).

    Raises: NotFound if there is none, or several; the message names them.
    """
    read_files_with(open_view(), name)
    wanted = NamePath.parse(name.rpartition(":")[2])
    found = [item for item in exact_symbols(open_view(), wanted) if item.file.startswith(folder)]
    names = list(dict.fromkeys(f"{item.file}:{item.path}" for item in found))
    if not names:
        raise NotFound(f"there is no symbol {name!r} below {folder!r}; leave path out")
    if len(names) > 1:
        shown = ", ".join(names[:_MAX_NAMED])
        more = ", ..." if len(names) > _MAX_NAMED else ""
        raise NotFound(f"{name!r} is the name of {len(names)} symbols, say which: {shown}{more}")
    return names[0]


def read_files_with(codebase: CodebaseView, text: str) -> None:
    """See to it that the files are known in which the last name of a path stands.

    Only an index that is not complete has anything to do; later views know what was read.
    """
    state = codebase.state()
    name = _SEPARATORS.split(text)[-1].partition("[")[0]
    if state.n_indexed < state.n_files and name.isidentifier():
        codebase.files_with(name)
