"""Notices of changes, in both eras."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from mcp import Client
from mcp.client.session import IncomingMessage
from mcp.client.subscriptions import ServerEvent, Subscription
from mcp.shared.exceptions import MCPError
from mcp.shared.subscriptions import ResourcesListChanged, ResourceUpdated, ToolsListChanged
from mcp_types import (
    EmptyResult,
    ResourceListChangedNotification,
    ResourceUpdatedNotification,
    SubscribeRequest,
    SubscribeRequestParams,
    SubscriptionsListenRequestParams,
    UnsubscribeRequest,
    UnsubscribeRequestParams,
)

from mcp_tools.server.addresses import file_uri
from mcp_tools.server.subscriptions import (
    MAX_RESOURCES,
    MAX_RESOURCES_OF_ALL,
    MAX_STREAMS_OF_CALLER,
    Subscriptions,
)
from mcp_tools.workspace.watching import Watch
from tests.mcp_tools.server.places import LEGACY, MODERN, TIMEOUT_S, Set, client_of, serve


@pytest.fixture
def served(tmp_path: Path) -> Set:
    return serve(tmp_path)


@dataclass
class Heard:
    """What a client of the handshake era was told."""

    notices: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def take(self, message: IncomingMessage) -> None:
        if isinstance(message, ResourceUpdatedNotification):
            self.notices.put_nowait(message.params.uri)
        elif isinstance(message, ResourceListChangedNotification):
            self.notices.put_nowait("the list")


@asynccontextmanager
async def legacy_client(served: Set) -> AsyncGenerator[tuple[Client, Heard]]:
    heard = Heard()
    async with (
        asyncio.timeout(TIMEOUT_S),
        Client(served.server, mode=LEGACY, message_handler=heard.take) as client,
    ):
        yield client, heard


async def subscribe(client: Client, uri: str) -> None:
    request = SubscribeRequest(params=SubscribeRequestParams(uri=uri))
    await client.session.send_request(request, EmptyResult)


async def unsubscribe(client: Client, uri: str) -> None:
    request = UnsubscribeRequest(params=UnsubscribeRequestParams(uri=uri))
    await client.session.send_request(request, EmptyResult)


async def next_event(subscription: Subscription) -> ServerEvent:
    return await anext(aiter(subscription))


class Relay:
    """Tells the places what a real watch sees."""

    def __init__(self, served: Set) -> None:
        self.has_begun = asyncio.Event()
        self._served = served
        self._loop = asyncio.get_running_loop()

    def watch_began(self) -> None:
        self._loop.call_soon_threadsafe(self.has_begun.set)

    def files_changed(self, paths: tuple[Path, ...]) -> None:
        root = self._served.root
        names = [path.relative_to(root).as_posix() for path in paths]
        self._loop.call_soon_threadsafe(self._served.places.change, root, *names)

    def watch_ended(self) -> None:
        pass


@asynccontextmanager
async def watched(served: Set) -> AsyncGenerator[None]:
    relay = Relay(served)
    watch = Watch(served.root, relay)
    try:
        await relay.has_begun.wait()
        yield
    finally:
        await asyncio.to_thread(watch.close)


@pytest.mark.protocol("subscriptions-listen")
@pytest.mark.asyncio
async def test_a_stream_tells_of_a_real_change(served: Set) -> None:
    uris = ["file:///shop.py", "symbol:///shop.py#price", "diagnostics:///shop.py"]
    async with (
        client_of(served.server, MODERN) as client,
        watched(served),
        client.listen(resource_subscriptions=uris) as subscription,
    ):
        (served.root / "shop.py").write_text("def price() -> int: ...\n", encoding="utf-8")
        told = {await next_event(subscription) for _ in uris}
        assert told == {ResourceUpdated(uri) for uri in uris}


@pytest.mark.protocol("resources-subscribe")
@pytest.mark.asyncio
async def test_a_session_of_the_handshake_era_is_told_of_a_real_change(served: Set) -> None:
    async with legacy_client(served) as (client, heard), watched(served):
        uri = file_uri(served.root / "shop.py")
        await subscribe(client, uri)
        (served.root / "shop.py").write_text("def price() -> int: ...\n", encoding="utf-8")
        assert await heard.notices.get() == uri


@pytest.mark.protocol("subscriptions-filter")
@pytest.mark.asyncio
async def test_only_what_was_asked_for_is_told_and_only_once(served: Set) -> None:
    async with (
        client_of(served.server, MODERN) as client,
        client.listen(resource_subscriptions=["file:///app.py"]) as subscription,
    ):
        served.places.change(served.root, "shop.py")
        for _ in range(50):
            served.places.change(served.root, "app.py", "notes.txt")
        assert await next_event(subscription) == ResourceUpdated("file:///app.py")
        served.places.change(served.root, "shop.py")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.4):
                await next_event(subscription)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("uri", "changed"),
    [
        ("file:///src/app.py", "src/app.py"),
        ("file:///src/app.py", "src"),
        ("file:///src/app.py", "."),
        ("file:///src", "src/new.py"),
        ("diagnostics:///", "src/app.py"),
        ("diagnostics:///app.py", "pyproject.toml"),
        ("FILE:///app.py", "app.py"),
    ],
)
async def test_a_change_of_what_is_around_or_within_counts(
    served: Set, uri: str, changed: str
) -> None:
    async with (
        client_of(served.server, MODERN) as client,
        client.listen(resource_subscriptions=[uri]) as subscription,
    ):
        served.places.change(served.root, changed)
        assert await next_event(subscription) == ResourceUpdated(uri)


@pytest.mark.protocol("subscriptions-filter")
@pytest.mark.asyncio
async def test_a_stream_names_only_what_there_can_be(served: Set) -> None:
    uris = ["file:///later.py", "test://what", "file:///../out.py", "session://calls"]
    async with (
        client_of(served.server, MODERN) as client,
        client.listen(resource_subscriptions=uris) as subscription,
    ):
        assert subscription.honored.resource_subscriptions == [
            "file:///later.py",
            "session://calls",
        ]


@pytest.mark.protocol("resources-list-changed")
@pytest.mark.asyncio
async def test_a_stream_tells_when_the_list_changes_and_not_before(served: Set) -> None:
    async with (
        client_of(served.server, MODERN) as client,
        client.listen(resources_list_changed=True) as subscription,
    ):
        served.places.change(served.root, "app.py")
        (served.root / "NEW.md").write_text("new\n", encoding="utf-8")
        served.places.change(served.root, "NEW.md")
        assert await next_event(subscription) == ResourcesListChanged()


@pytest.mark.protocol("resources-list-changed")
@pytest.mark.asyncio
async def test_a_session_that_read_the_list_is_told_when_it_changes(served: Set) -> None:
    async with legacy_client(served) as (client, heard):
        await client.list_resources()
        (served.root / "notes.txt").unlink()
        served.places.change(served.root, "notes.txt")
        assert await heard.notices.get() == "the list"


@pytest.mark.protocol("resources-subscribe")
@pytest.mark.asyncio
async def test_nothing_is_told_after_unsubscribing(served: Set) -> None:
    async with legacy_client(served) as (client, heard):
        await subscribe(client, "file:///app.py")
        await subscribe(client, "file:///shop.py")
        await unsubscribe(client, "file:///app.py")
        await unsubscribe(client, "file:///never.py")
        served.places.change(served.root, "app.py", "shop.py")
        assert await heard.notices.get() == "file:///shop.py"
        assert heard.notices.empty()


@pytest.mark.asyncio
async def test_who_is_gone_is_forgotten(served: Set) -> None:
    assert served.places.n_followers == 0
    async with legacy_client(served) as (client, _):
        await subscribe(client, "file:///app.py")
        assert served.places.n_followers == 1
        async with (
            client_of(served.server, MODERN) as other,
            other.listen(resource_subscriptions=["file:///app.py"]),
        ):
            assert served.places.n_followers == 1
    assert served.places.n_followers == 0


@pytest.mark.asyncio
async def test_callers_are_told_of_their_own_only(served: Set) -> None:
    async with (
        client_of(served.server, MODERN) as one,
        client_of(served.server, MODERN) as two,
        one.listen(resource_subscriptions=["file:///app.py"]) as first,
        two.listen(resource_subscriptions=["file:///shop.py"]) as second,
    ):
        served.places.change(served.root, "app.py", "shop.py")
        assert await next_event(first) == ResourceUpdated("file:///app.py")
        assert await next_event(second) == ResourceUpdated("file:///shop.py")


@pytest.mark.asyncio
async def test_the_same_address_in_two_roots_is_two_resources(tmp_path: Path) -> None:
    served = serve(tmp_path, names=("one", "two"))
    one, two = served.places.roots
    uri = file_uri(two / "app.py")
    async with (
        client_of(served.server, MODERN) as client,
        client.listen(resource_subscriptions=["file:///app.py", uri]) as subscription,
    ):
        served.places.change(two, "app.py")
        assert await next_event(subscription) == ResourceUpdated(uri)
        served.places.change(one, "app.py")
        assert await next_event(subscription) == ResourceUpdated("file:///app.py")


@pytest.mark.asyncio
async def test_too_many_subscriptions_are_refused(served: Set) -> None:
    uris = [f"file:///{number}.py" for number in range(MAX_RESOURCES + 1)]
    async with client_of(served.server, MODERN) as client:
        with pytest.raises(MCPError) as caught:
            async with client.listen(resource_subscriptions=uris):
                pass
        assert caught.value.error.code == -32602
    async with legacy_client(served) as (client, _):
        for uri in uris[:-1]:
            await subscribe(client, uri)
        await subscribe(client, uris[0])
        with pytest.raises(MCPError) as caught:
            await subscribe(client, uris[-1])
        assert caught.value.error.code == -32602


@pytest.mark.asyncio
async def test_all_together_can_wait_for_a_limited_number(served: Set) -> None:
    uris = [f"file:///{number}.py" for number in range(MAX_RESOURCES)]
    n_streams = MAX_RESOURCES_OF_ALL // MAX_RESOURCES
    async with client_of(served.server, MODERN) as client, AsyncExitStack() as streams:
        for _ in range(n_streams):
            await streams.enter_async_context(client.listen(resource_subscriptions=uris))
        with pytest.raises(MCPError, match="limit"):
            async with client.listen(resource_subscriptions=uris[:1]):
                pass
        async with client.listen():
            pass


@pytest.mark.asyncio
async def test_one_caller_has_a_limited_number_of_streams(served: Set) -> None:
    async with client_of(served.server, MODERN) as client, AsyncExitStack() as streams:
        for _ in range(MAX_STREAMS_OF_CALLER):
            await streams.enter_async_context(client.listen())
        with pytest.raises(MCPError, match="limit"):
            async with client.listen():
                pass
        async with client_of(served.server, MODERN) as other, other.listen():
            pass


@pytest.mark.protocol("resources-not-found")
@pytest.mark.asyncio
async def test_a_session_is_told_what_cannot_be_subscribed_to(served: Set) -> None:
    async with legacy_client(served) as (client, _):
        for uri in ("test://what", "no uri", "file:///../out.py"):
            with pytest.raises(MCPError) as caught:
                await subscribe(client, uri)
            assert (caught.value.error.code, caught.value.error.data) == (-32002, {"uri": uri})


@pytest.mark.asyncio
async def test_the_first_subscription_opens_its_root(served: Set) -> None:
    async with legacy_client(served) as (client, _):
        assert not served.places.callers
        await subscribe(client, "file:///app.py")
        assert served.places.callers


@pytest.mark.asyncio
async def test_a_list_that_cannot_be_read_any_more_has_changed(tmp_path: Path) -> None:
    served = serve(tmp_path)
    async with (
        client_of(served.server, MODERN) as client,
        client.listen(resources_list_changed=True) as subscription,
    ):
        root = served.root
        root.rename(root.parent / "elsewhere")
        served.places.change(root, ".")
        assert await next_event(subscription) == ResourcesListChanged()


@pytest.mark.asyncio
async def test_many_changes_at_once_are_a_change_of_everything(served: Set) -> None:
    async with (
        client_of(served.server, MODERN) as client,
        client.listen(resource_subscriptions=["file:///app.py"]) as subscription,
    ):
        served.places.change(served.root, *(f"{number}.txt" for number in range(3000)))
        assert await next_event(subscription) == ResourceUpdated("file:///app.py")


@pytest.mark.protocol("subscriptions-end")
@pytest.mark.asyncio
async def test_streams_can_be_told_of_more_and_be_ended_in_order(served: Set) -> None:
    subscriptions = Subscriptions(served.places)
    served.server.add_request_handler(
        "subscriptions/listen", SubscriptionsListenRequestParams, subscriptions.listen
    )
    async with (
        client_of(served.server, MODERN) as client,
        client.listen(tools_list_changed=True) as subscription,
    ):
        await subscriptions.announce(ToolsListChanged())
        assert await next_event(subscription) == ToolsListChanged()
        subscriptions.close()
        assert [event async for event in subscription] == []
