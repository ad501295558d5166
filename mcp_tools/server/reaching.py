"""The way from a request to the caller's workplace, and to the file that an address means."""

import asyncio

from mcp_tools.server.addresses import Address, Spot, locate
from mcp_tools.server.callers import caller_of
from mcp_tools.server.ports import Workplace, Workplaces
from mcp_tools.server.rooting import place_of, root_of
from mcp_tools.server.schemes.scheme import Scheme, Visit
from mcp_tools.server.state import Context


async def visit_of(
    context: Context, workplaces: Workplaces, scheme: Scheme, address: Address
) -> Visit:
    """Find where an address leads, and the caller's workplace there.

    Raises: OutsideWorkspace, NotFound, Denied.
    """
    if not scheme.has_files:
        return Visit(address=address, place=await place_of(context, workplaces))
    place, spot = await place_and_spot(context, workplaces, address.path)
    return Visit(address=address, place=place, spot=spot)


async def place_and_spot(
    context: Context, workplaces: Workplaces, path: str
) -> tuple[Workplace, Spot]:
    """Find the file that a path means, absolute or from the caller's root, and the place there.

    Raises: OutsideWorkspace, NotFound, Denied.
    """
    own = await root_of(context, workplaces)
    spot = await asyncio.to_thread(locate, path, workplaces.roots, own)
    return await workplaces.at(caller_of(context), spot.root), spot
