"""Places: definitions, references, implementations, and what is known of a name."""

from lsprotocol import types as lsp

from lsp_agent.server.code.ready import NOTHING, Ready, ready
from lsp_agent.server.code.scene import Scene
from mcp_tools.code.navigation import definition as definition_query
from mcp_tools.code.navigation import hover as hover_query
from mcp_tools.code.navigation import implementations as implementations_query
from mcp_tools.code.navigation.mentions import mentions
from mcp_tools.code.navigation.references import target_at

_FENCE = "```"


def definition(scene: Scene, position: lsp.Position) -> Ready:
    """Give where the name at a place is defined."""
    if not scene.is_source:
        return NOTHING
    found = definition_query.definition(scene.codebase, scene.file, scene.offset(position))
    if not found.items:
        return NOTHING
    if scene.abilities.links_definitions:
        origin = scene.range(found.origin)
        return ready([scene.wire.link(item, origin) for item in found.items])
    return ready([scene.wire.location(item) for item in found.items])


def references(scene: Scene, position: lsp.Position, context: lsp.ReferenceContext) -> Ready:
    """Give where the thing at a place is named, as far as we are sure."""
    if not scene.is_source:
        return NOTHING
    target = target_at(scene.codebase, scene.file, scene.offset(position))
    if target is None:
        return NOTHING
    found = mentions(scene.codebase, target, include_declarations=context.include_declaration)
    return ready(scene.wire.sites(found))


def implementations(scene: Scene, position: lsp.Position) -> Ready:
    """Give what implements or overrides the thing at a place."""
    if not scene.is_source:
        return NOTHING
    target = target_at(scene.codebase, scene.file, scene.offset(position))
    if target is None:
        return NOTHING
    found = implementations_query.implementations(scene.codebase, target)
    return ready([scene.wire.location(item) for item in found.items])


def hover(scene: Scene, position: lsp.Position) -> Ready:
    """Give what is known of the name at a place."""
    if not scene.is_source:
        return NOTHING
    offset = scene.offset(position)
    found = hover_query.hover(scene.codebase, scene.file, offset, oracle=scene.types)
    if found is None:
        return NOTHING
    return ready(
        {
            "contents": _contents(found.signature, found.documentation, scene),
            "range": scene.range(found.span),
        }
    )


def _contents(signature: str, documentation: str, scene: Scene) -> dict[str, str]:
    if not scene.abilities.reads_markdown:
        text = f"{signature}\n\n{documentation}".strip()
        return {"kind": lsp.MarkupKind.PlainText.value, "value": text}
    parts = [_fenced(signature, "python")] if signature else []
    if documentation:
        # Docstrings are rarely Markdown: fenced, their names, stars and tables stay as written.
        parts.append(_fenced(documentation, "text"))
    return {"kind": lsp.MarkupKind.Markdown.value, "value": "\n\n".join(parts)}


def _fenced(text: str, language: str) -> str:
    fence = _FENCE
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text}\n{fence}"
