"""Notices that resources have changed, in the way of each era.

Since 2026-07-28 a client opens a stream that says what it waits for (`subscriptions/listen`); in
the handshake era it subscribes to one resource after the other, and notices come on its
connection. A receiver is told by a task of its own, so that a slow one holds up nobody.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import mcp_types as types
from mcp.server.connection import Connection
from mcp.server.subscriptions import (
    InMemorySubscriptionBus,
    ListenHandler,
    ResourcesListChanged,
    ResourceUpdated,
    ServerEvent,
    SubscriptionBus,
)
from mcp.shared.exceptions import MCPError

from mcp_tools.server.addresses import Spot, locate, parse_uri
from mcp_tools.server.callers import caller_of
from mcp_tools.server.change_feeds import Changes, Feed
from mcp_tools.server.convert import invalid_params
from mcp_tools.server.convert_content import no_resource
from mcp_tools.server.living import connection_of
from mcp_tools.server.ports import Workplaces
from mcp_tools.server.resources import listed_at
from mcp_tools.server.rooting import place_of, root_of
from mcp_tools.server.schemes.scheme import Scheme
from mcp_tools.server.schemes.table import SCHEMES
from mcp_tools.server.state import Context
from mcp_tools.types.errors import ExpectedError

MAX_RESOURCES = 500
"""That one stream, or one connection of the handshake era, can wait for."""
MAX_RESOURCES_OF_ALL = 10_000
"""Each change of a file is compared with all of them."""
MAX_STREAMS = 1024
MAX_STREAMS_OF_CALLER = 128

logger = logging.getLogger(__name__)


class Subscriptions:
    """The handlers of `subscriptions/listen`, `resources/subscribe` and `.../unsubscribe`."""

    def __init__(self, workplaces: Workplaces, schemes: Sequence[Scheme] = SCHEMES) -> None:
        """Follow the files of the workplaces as long as anybody waits for a change."""
        self._workplaces = workplaces
        self._schemes = {scheme.name: scheme for scheme in schemes}
        self._feeds: dict[Feed, None] = {}
        self._sessions: dict[Connection, Feed] = {}
        self._streams: dict[ListenHandler, InMemorySubscriptionBus] = {}
        self._unfollow: Callable[[], None] | None = None

    async def listen(
        self, context: Context, params: types.SubscriptionsListenRequestParams
    ) -> types.SubscriptionsListenResult:
        """Serve one stream until its client goes, or `close` ends it.

        The answer names what can be waited for; addresses of no resource are left out of it.
        """
        wanted = params.notifications
        bus = InMemorySubscriptionBus()
        feed = await self._feed_of_stream(context, wanted, bus)
        uris = list(feed.spots) or None
        honored = wanted.model_copy(update={"resource_subscriptions": uris})
        handler = ListenHandler(bus, max_subscriptions=1)
        self._streams[handler] = bus
        task = self._begin(feed)
        try:
            return await handler(context, params.model_copy(update={"notifications": honored}))
        finally:
            del self._streams[handler]
            self._end(feed)
            task.cancel()

    async def subscribe(
        self, context: Context, params: types.SubscribeRequestParams
    ) -> types.EmptyResult:
        """Tell the connection of changes of one resource from now on (handshake era).

        Raises: MCPError if there can be no such resource, or there are too many subscriptions.
        """
        spots = await self._watched(context, [params.uri])
        if not spots:
            raise no_resource(context, params.uri, "nothing can be there; see the templates")
        feed = self._feed_of_session(context)
        if params.uri not in feed.spots:
            self._check_room(len(feed.spots) + 1, 1)
        feed.spots.update(spots)
        return types.EmptyResult()

    async def unsubscribe(
        self, context: Context, params: types.UnsubscribeRequestParams
    ) -> types.EmptyResult:
        """Tell of it no more; nothing happens if it was not subscribed to."""
        feed = self._sessions.get(connection_of(context))
        if feed is not None:
            feed.spots.pop(params.uri, None)
        return types.EmptyResult()

    async def follow_list(self, context: Context) -> None:
        """Tell a connection of the handshake era when the list of resources changes."""
        feed = self._feed_of_session(context)
        if not feed.follows_list:
            await self._follow_list(feed, context)

    async def announce(self, event: ServerEvent) -> None:
        """Tell all streams of something that is no change of a file."""
        for bus in tuple(self._streams.values()):
            await bus.publish(event)

    def close(self) -> None:
        """End all streams in order: each is told that it ended on purpose."""
        for handler in tuple(self._streams):
            handler.close()

    async def _feed_of_stream(
        self, context: Context, wanted: types.SubscriptionFilter, bus: SubscriptionBus
    ) -> Feed:
        uris = wanted.resource_subscriptions or ()
        self._check_room(len(uris), len(uris))
        caller_id = caller_of(context).id
        counts = Counter(feed.caller_id for feed in self._feeds)
        if len(self._streams) >= MAX_STREAMS or counts[caller_id] >= MAX_STREAMS_OF_CALLER:
            raise _full()
        feed = Feed(
            lambda uri: bus.publish(ResourceUpdated(uri)),
            lambda: bus.publish(ResourcesListChanged()),
            caller_id,
        )
        feed.spots.update(await self._watched(context, uris))
        if wanted.resources_list_changed:
            await self._follow_list(feed, context)
        return feed

    def _feed_of_session(self, context: Context) -> Feed:
        connection = connection_of(context)
        feed = self._sessions.get(connection)
        if feed is None:
            feed = Feed(
                connection.send_resource_updated,
                connection.send_resource_list_changed,
                caller_of(context).id,
            )
            self._sessions[connection] = feed
            task = self._begin(feed)
            connection.exit_stack.callback(task.cancel)
            connection.exit_stack.callback(self._end, feed)
            connection.exit_stack.callback(self._sessions.pop, connection, None)
        return feed

    async def _watched(self, context: Context, uris: Sequence[str]) -> Mapping[str, Spot | None]:
        """Give the files that resources change with, None for one that changes with no file.

        What can be no resource is left out. Raises: Denied.
        """
        own = await root_of(context, self._workplaces)
        spots = await asyncio.to_thread(self._located, uris, own)
        for root in {spot.root for spot in spots.values() if spot is not None}:
            # To have a place there is what makes the root be watched.
            await self._workplaces.at(caller_of(context), root)
        return spots

    def _located(self, uris: Sequence[str], own: Path) -> Mapping[str, Spot | None]:
        spots: dict[str, Spot | None] = {}
        for uri in uris:
            with suppress(ExpectedError):
                address = parse_uri(uri)
                scheme = self._schemes.get(address.scheme)
                if scheme is not None:
                    roots = self._workplaces.roots
                    spots[uri] = locate(address.path, roots, own) if scheme.has_files else None
        return spots

    async def _follow_list(self, feed: Feed, context: Context) -> None:
        place = await place_of(context, self._workplaces)
        caller, root, schemes = caller_of(context), place.root, tuple(self._schemes.values())

        async def read_list() -> frozenset[str]:
            try:
                # By then the place may be another one: who does nothing for long loses it.
                now = await self._workplaces.at(caller, root)
                listed = await asyncio.to_thread(listed_at, now, schemes)
            except ExpectedError:  # the folder is gone; whoever reads the list is told
                return frozenset()
            return frozenset(item.uri for item in listed)

        await feed.follow_list(root, read_list)

    def _check_room(self, n_of_feed: int, n_new: int) -> None:
        """Refuse more than can be followed. Raises: MCPError."""
        if n_of_feed > MAX_RESOURCES:
            raise invalid_params(f"expected at most {MAX_RESOURCES} resources, got {n_of_feed}")
        if sum(len(feed.spots) for feed in self._feeds) + n_new > MAX_RESOURCES_OF_ALL:
            raise _full()

    def _begin(self, feed: Feed) -> "asyncio.Task[None]":
        if self._unfollow is None:
            self._unfollow = self._workplaces.follow(self._changed)
        self._feeds[feed] = None
        task = asyncio.create_task(feed.run())
        task.add_done_callback(_log_failure)
        return task

    def _end(self, feed: Feed) -> None:
        self._feeds.pop(feed, None)
        if not self._feeds and self._unfollow is not None:
            self._unfollow()
            self._unfollow = None

    def _changed(self, root: Path, paths: frozenset[Path]) -> None:
        changes = Changes.of(root, paths)
        for feed in self._feeds:
            feed.take(changes)


def _full() -> MCPError:
    return MCPError(code=types.INTERNAL_ERROR, message="Subscription limit reached")


def _log_failure(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("notices of changes ended", exc_info=error)
