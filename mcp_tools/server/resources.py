"""The resources, as clients list and read them."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

import mcp_types as types

from mcp_tools.server.addresses import Address, parse_uri
from mcp_tools.server.callers import caller_of
from mcp_tools.server.convert_content import (
    content_to_mcp,
    listed_to_mcp,
    no_resource,
    template_to_mcp,
)
from mcp_tools.server.file_dates import modified_at
from mcp_tools.server.paging import check_single, page_of
from mcp_tools.server.ports import Workplace, Workplaces
from mcp_tools.server.reaching import visit_of
from mcp_tools.server.rooting import place_of
from mcp_tools.server.schemes.scheme import Content, Listed, Scheme
from mcp_tools.server.schemes.table import SCHEMES
from mcp_tools.server.slots import CallSlots
from mcp_tools.server.state import Context
from mcp_tools.types.errors import ExpectedError, NotFound

_STATIC_MS = 3_600_000
"""How long an answer holds that changes with the program only."""

_READS_AT_ONCE = 8
"""Of one caller; each may hold some megabytes."""


class Resources:
    """The handlers of `resources/list`, `resources/templates/list` and `resources/read`."""

    def __init__(self, workplaces: Workplaces, schemes: Sequence[Scheme] = SCHEMES) -> None:
        """Offer what the schemes know."""
        self._workplaces = workplaces
        self._schemes = {scheme.name: scheme for scheme in schemes}
        self._slots = CallSlots(_READS_AT_ONCE)

    async def list(
        self, context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        """Give what is worth looking at first; everything else is found by the templates.

        Raises: Denied if there are too many callers; MCPError for a wrong cursor.
        """
        place = await place_of(context, self._workplaces)
        listed = await asyncio.to_thread(listed_at, place, tuple(self._schemes.values()))
        page, cursor = page_of(listed, "resources", params.cursor if params else None)
        return types.ListResourcesResult(
            resources=await asyncio.to_thread(_resources, page),
            next_cursor=cursor,
            ttl_ms=0,
            cache_scope="private",
        )

    async def templates(
        self, context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        """Give all forms of URIs at once."""
        del context
        check_single(params.cursor if params else None)
        templates = [t for scheme in self._schemes.values() for t in scheme.templates]
        return types.ListResourceTemplatesResult(
            resource_templates=[template_to_mcp(template) for template in templates],
            ttl_ms=_STATIC_MS,
            cache_scope="private",
        )

    async def read(
        self, context: Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        """Give a resource.

        Raises: MCPError if there is none, or it cannot be given.
        """
        try:
            async with self._slots.of(caller_of(context).id):
                contents = await self._read(context, params.uri)
        except ExpectedError as error:
            raise no_resource(context, params.uri, str(error)) from error
        return types.ReadResourceResult(
            contents=[content_to_mcp(content) for content in contents],
            ttl_ms=0,
            cache_scope="private",
        )

    async def _read(self, context: Context, uri: str) -> Sequence[Content]:
        address = parse_uri(uri)
        scheme = self._scheme(address)
        visit = await visit_of(context, self._workplaces, scheme, address)
        return hidden(visit.place, await scheme.read(visit))

    def _scheme(self, address: Address) -> Scheme:
        """Give the scheme of an address. Raises: NotFound."""
        scheme = self._schemes.get(address.scheme)
        if scheme is None:
            names = ", ".join(f"{name}://" for name in self._schemes)
            raise NotFound(f"expected one of {names}")
        return scheme


def listed_at(place: Workplace, schemes: Sequence[Scheme] = SCHEMES) -> Sequence[Listed]:
    """Give all that stands in the list of a workplace; it reads folders."""
    return [listed for scheme in schemes for listed in scheme.listed(place)]


def hidden(place: Workplace, contents: Iterable[Content]) -> list[Content]:
    """Give what was read as the caller may see it."""
    return [replace(content, text=place.hide(content.text)) for content in contents]


def _resources(page: Sequence[Listed]) -> list[types.Resource]:
    return [
        listed_to_mcp(listed, None if listed.path is None else modified_at(listed.path))
        for listed in page
    ]
