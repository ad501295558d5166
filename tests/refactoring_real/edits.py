"""Edits of Flask 3.1.3 whose subjects are used all over it and its tests."""

from collections.abc import Callable
from dataclasses import dataclass

from mcp_tools.code.navigation.naming import locate
from mcp_tools.code.refactoring.change_signature import NewSignature, change_signature
from mcp_tools.code.refactoring.move_symbol import move_symbol
from mcp_tools.code.refactoring.rename import RenameOptions, rename
from mcp_tools.code.refactoring.result import Refactoring
from mcp_tools.types.codebase import CodebaseView


@dataclass(frozen=True, slots=True)
class RealEdit:
    """One edit."""

    label: str
    make: Callable[[CodebaseView], Refactoring]


def renamed(name: str, new_name: str, options: RenameOptions | None = None) -> RealEdit:
    """Rename a symbol."""
    return RealEdit(
        f"rename {name} to {new_name}",
        lambda codebase: rename(codebase, locate(codebase, name), new_name, options),
    )


def moved(name: str, new_file: str) -> RealEdit:
    """Move a symbol."""
    return RealEdit(
        f"move {name} to {new_file}",
        lambda codebase: move_symbol(codebase, locate(codebase, name), new_file),
    )


def changed(name: str, new: NewSignature) -> RealEdit:
    """Change a signature."""
    return RealEdit(
        f"change {name} to ({new.parameters})",
        lambda codebase: change_signature(codebase, locate(codebase, name), new),
    )


EDITS = (
    renamed("src/flask/helpers.py:url_for", "address_of"),
    renamed("src/flask/templating.py:render_template", "rendered"),
    renamed("src/flask/json/__init__.py:jsonify", "as_json"),
    renamed("src/flask/blueprints.py:Blueprint", "Plan"),
    renamed("src/flask/ctx.py:has_request_context", "is_in_request"),
    renamed("src/flask/helpers.py", "helping"),
    renamed("src/flask/json/__init__.py", "json_support"),
    renamed(
        "src/flask/app.py:Flask/test_request_context",
        "context_of_request",
        RenameOptions(where_unsure=True),
    ),
    moved("src/flask/helpers.py:get_root_path", "src/flask/roots.py"),
    moved("src/flask/helpers.py:url_for", "src/flask/addresses.py"),
    moved("src/flask/templating.py:render_template", "src/flask/rendering.py"),
    moved("src/flask/config.py:ConfigAttribute", "src/flask/attributes.py"),
    moved("src/flask/sansio/scaffold.py:find_package", "src/flask/sansio/packages.py"),
    moved("src/flask/blueprints.py:Blueprint", "src/flask/plans.py"),
    changed(
        "src/flask/helpers.py:send_from_directory",
        NewSignature(parameters="path: str, directory: str, **kwargs: t.Any"),
    ),
    changed(
        "src/flask/sansio/scaffold.py:_endpoint_from_view_func",
        NewSignature(parameters="*, function: ft.RouteCallable", renamed={"view_func": "function"}),
    ),
    changed(
        "src/flask/helpers.py:get_flashed_messages",
        NewSignature(
            parameters="category_filter: t.Iterable[str] = (), *, with_categories: bool = True",
        ),
    ),
    changed(
        "src/flask/helpers.py:flash",
        NewSignature(parameters="category: str, message: str"),
    ),
    changed(
        "src/flask/blueprints.py:Blueprint/__init__",
        NewSignature(
            parameters="self, import_name: str, name: str, *, "
            "static_folder: str | os.PathLike[str] | None = None, "
            "static_url_path: str | None = None, "
            "template_folder: str | os.PathLike[str] | None = None, "
            "prefix: str | None = None, subdomain: str | None = None, "
            "url_defaults: dict[str, t.Any] | None = None, root_path: str | None = None, "
            "cli_group: str | None = _sentinel",
            renamed={"url_prefix": "prefix"},
        ),
    ),
)
"""Renames, moves and changes of signatures."""
