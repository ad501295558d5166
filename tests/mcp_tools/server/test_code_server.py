"""What the server says about itself on every transport, and how it takes leave."""

import asyncio
from pathlib import Path

import pytest

from tests.mcp_tools.server.over_http import ANN, http_client, listening
from tests.mcp_tools.server.places import LEGACY, MODERN, client_of, serve

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("era", [LEGACY, "auto"])
async def test_the_list_of_resources_is_said_to_change_over_http(era: str, tmp_path: Path) -> None:
    async with listening(serve(tmp_path).server) as url, http_client(url, ANN, era) as client:
        resources = client.server_capabilities.resources
    assert resources is not None
    assert resources.list_changed


async def test_the_list_of_resources_is_said_to_change_on_one_connection(tmp_path: Path) -> None:
    async with client_of(serve(tmp_path).server, LEGACY) as client:
        resources = client.server_capabilities.resources
    assert resources is not None
    assert resources.list_changed


async def test_who_waits_for_changes_over_http_is_told_when_the_server_ends(tmp_path: Path) -> None:
    stopping = asyncio.Event()
    async with (
        listening(serve(tmp_path).server, stopping) as url,
        http_client(url, ANN, MODERN) as client,
        client.listen(resources_list_changed=True) as subscription,
    ):
        stopping.set()
        assert [event async for event in subscription] == []
