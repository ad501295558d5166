"""From the words that people and models use for a symbol to what they mean."""

import re
from collections.abc import Sequence

from mcp_tools.code.navigation.file_view import FileView, view_file
from mcp_tools.code.navigation.find_symbol import exact_symbols, find_symbol, symbols_in
from mcp_tools.code.navigation.items import declared_item
from mcp_tools.code.navigation.name_paths import NamePath
from mcp_tools.code.navigation.results import Item
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import NotFound
from mcp_tools.types.facts import NONE
from mcp_tools.types.text import Place

_MAX_NAMED = 10
_AT_LINE = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?::(?P<column>\d+))?")
_SUFFIXES = (".py", ".pyi", "/__init__.py", "/__init__.pyi")


def locate(codebase: CodebaseView, text: str) -> Target:
    """Find the symbol that a text names.

    Read as, in this order: `path.py:LINE[:COLUMN]` (from 1), `path.py:Class/method`,
    `pkg.mod:Class.method`, a file or a module alone, `pkg.mod.Class.method`, and a name path such
    as `Class/method`, `/top_level` or `name[1]`.
    Raises: NotFound if there is none, or several; the message names candidates.
    """
    text = text.strip()
    at_line = _AT_LINE.fullmatch(text)
    if at_line and (file := _file_named(codebase, at_line["file"])):
        column = at_line["column"]
        return _at_line(codebase, file, int(at_line["line"]), int(column) if column else None)
    if ":" in text:
        where, _, path = text.partition(":")
        return _in_file(codebase, _known_file(codebase, where), path)
    if file := _file_named(codebase, text):
        return Resolver(codebase).module(file)
    if (dotted := _dotted(codebase, text)) is not None:
        return dotted
    return _only(codebase, text, exact_symbols(codebase, NamePath.parse(text)))


def item_of(codebase: CodebaseView, target: Target) -> Item:
    """Give the item of a target: where it is declared first.

    Raises: NotFound if its file or its declaration is gone.
    """
    declarations = Resolver(codebase).declarations(target)
    view = view_file(codebase, declarations[0].file) if declarations else None
    if view is None:
        raise NotFound(f"{target.name or target.file!r} is not in {target.file!r} any more")
    return declared_item(view, target, declarations[0])


def _at_line(codebase: CodebaseView, file: str, line_number: int, column: int | None) -> Target:
    view = view_file(codebase, file)
    if view is None or not 0 < line_number <= len(view.facts.line_starts):
        raise NotFound(f"{file!r} has no line {line_number}; it may have changed, look again")
    resolver = Resolver(codebase)
    if column is None:
        return _on_line(resolver, view, line_number - 1)
    offset = view.offset(Place(line_number - 1, max(0, column - 1)))
    term = resolver.term_at(file, offset)
    if term is None:
        raise NotFound(f"there is no name at {file}:{line_number}:{column}")
    targets = resolver.resolve(file, term).targets
    if not targets:
        name = view.name(term)
        raise NotFound(f"what {name!r} means at {file}:{line_number}:{column} is not known")
    return targets[0]


def _on_line(resolver: Resolver, view: FileView, line: int) -> Target:
    """Give what is defined on a line, else the innermost function or class around it."""
    for symbol, row in enumerate(view.facts.symbols):
        if view.place(row.name_start).line == line:
            return resolver.target_of(view.file, symbol)
    block = view.around(view.facts.line_starts[line])
    return resolver.module(view.file) if block == NONE else resolver.target_of(view.file, block)


def _in_file(codebase: CodebaseView, file: str, path: str) -> Target:
    if not path:
        return Resolver(codebase).module(file)
    wanted = NamePath.parse(path.replace(".", "/"))
    items = symbols_in(codebase, file, wanted)
    top = [item for item in items if "/" not in item.path] if len(wanted.parts) == 1 else items
    return _only(codebase, f"{file}:{path}", top or items)


def _only(codebase: CodebaseView, text: str, items: Sequence[Item]) -> Target:
    targets = list(dict.fromkeys(item.target for item in items))
    if len(targets) == 1:
        return targets[0]
    if not targets:
        near = find_symbol(codebase, re.split(r"[/.:]", text)[-1], limit=_MAX_NAMED)
        hint = f"; near names: {_named(near)}" if near else ""
        raise NotFound(f"there is no symbol {text!r}{hint}")
    raise NotFound(f"{text!r} is the name of {len(targets)} symbols, say which: {_named(items)}")


def _named(items: Sequence[Item]) -> str:
    shown = ", ".join(f"{item.file}:{item.path}" for item in items[:_MAX_NAMED])
    return shown + (", ..." if len(items) > _MAX_NAMED else "")


def _dotted(codebase: CodebaseView, text: str) -> Target | None:
    """Read `pkg.mod.Class.method`: the longest part in front that is a module."""
    parts = text.split(".")
    for count in range(len(parts) - 1, 0, -1):
        file = _file_named(codebase, ".".join(parts[:count])) if "/" not in text else None
        if file and (items := symbols_in(codebase, file, NamePath("/", parts[count:]))):
            return items[0].target
    return None


def _known_file(codebase: CodebaseView, text: str) -> str:
    file = _file_named(codebase, text)
    if file is None:
        raise NotFound(f"there is no file or module {text!r} in the workspace")
    return file


def _file_named(codebase: CodebaseView, text: str) -> str | None:
    """Give the source file that a path or the name of a module means, the nearest to the root."""
    path = text.replace("\\", "/").removeprefix("./")
    root = f"{codebase.root.as_posix()}/"
    path = path.removeprefix(root)
    if codebase.digest(path) is not None:
        return path
    module = path.replace(".", "/")
    endings = (path, *(module + suffix for suffix in _SUFFIXES))
    found = [
        file
        for file in codebase.files()
        if file.endswith(endings) and any(_ends(file, ending) for ending in endings)
    ]
    return min(found, key=lambda file: (file.count("/"), file), default=None)


def _ends(file: str, ending: str) -> bool:
    return file == ending or file.endswith(f"/{ending}")
