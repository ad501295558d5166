"""Finding an item of a hierarchy again, also after its file was edited."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from mcp_tools.code.navigation.naming import locate
from mcp_tools.resolution.target import MODULE, Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What an item's data says, as `Wire.data` wrote it."""

    root: str
    file: str
    path: str
    scope: int
    name: str
    digest: str | None


def remembered(data: object) -> Remembered | None:
    """Read the data of an item; None if it is none of ours."""
    as_dict = getattr(data, "_asdict", None)
    values: object = as_dict() if as_dict is not None else data
    if not isinstance(values, Mapping):
        return None
    fields = cast("Mapping[str, object]", values)
    root, file, path = fields.get("root"), fields.get("file"), fields.get("path")
    name, scope, digest = fields.get("name"), fields.get("scope"), fields.get("digest")
    if not (isinstance(root, str) and isinstance(file, str) and isinstance(path, str)):
        return None
    if not (isinstance(name, str) and isinstance(scope, int)):
        return None
    if digest is not None and not isinstance(digest, str):
        return None
    return Remembered(root=root, file=file, path=path, scope=scope, name=name, digest=digest)


def find_again(codebase: CodebaseView, item: Remembered) -> Target | None:
    """Give the target of an item, by its name path if the file was edited; None if it is gone."""
    facts = codebase.facts(item.file)
    if facts is None:
        return None
    if item.scope == MODULE:
        return Target(item.file, MODULE, "")
    is_same = codebase.digest(item.file) == item.digest
    if is_same and 0 <= item.scope < len(facts.scopes) and item.name in facts.name_numbers:
        return Target(item.file, item.scope, item.name)
    try:
        return locate(codebase, f"{item.file}:{item.path}")
    except NotFound:
        return None
