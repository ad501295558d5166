"""Serving MCP over HTTP; `mcp` imports this, and the libraries of HTTP, when that is wanted."""

import asyncio
import signal
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from lsp_agent.cli.mcp_http import HttpWish
from lsp_agent.cli.mcp_serving import open_workplaces, say
from lsp_agent.cli.mcp_token import tokens_path
from lsp_agent.config.settings import Settings
from mcp_tools.server.http.access import Verifier
from mcp_tools.server.http.oauth import JwtVerifier
from mcp_tools.server.http.options import HttpOptions, ProtectedResource, TlsFiles, checked
from mcp_tools.server.http.serving import serve_http
from mcp_tools.server.http.tokens import TokenFile
from mcp_tools.server.options import ServerOptions
from mcp_tools.server.server import make_server

FIRST_TOKEN = "default"

_ENDING_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


async def serve_over_http(
    settings: Settings, roots: Sequence[Path], options: ServerOptions, wish: HttpWish
) -> None:
    """Serve whoever shows a good token, until a signal comes.

    Raises: Denied, saying what to change, if it is not safe, or the port is taken.
    """
    http = _options_of(wish)
    if http.is_open:
        say("warning: no token is asked for; whoever can log in here can call the tools")
    async with open_workplaces(settings, roots) as workplaces:
        server = make_server(workplaces, options)
        await _until_signal(serve_http(server, http, started=_say_where, ending=server.end_streams))


def _say_where(url: str) -> None:
    say(f"serving at {url}")


async def _until_signal(serving: Coroutine[Any, Any, None]) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(serving)
    for number in _ENDING_SIGNALS:
        loop.add_signal_handler(number, task.cancel)
    try:
        await asyncio.wait({task})
    finally:
        for number in _ENDING_SIGNALS:
            loop.remove_signal_handler(number)
    if not task.cancelled():
        task.result()


def _options_of(wish: HttpWish) -> HttpOptions:
    """Give the options if they are safe; the first token of our own is made then.

    Raises: Denied.
    """
    resource = tls = verifier = None
    if wish.resource is not None:
        url, issuer = wish.resource
        resource = ProtectedResource(url=url, issuer=issuer, scopes=wish.scopes)
    if wish.tls is not None:
        certificate, key = wish.tls
        tls = TlsFiles(certificate=certificate, key=key)
    if not wish.is_open:
        verifier = _verifier(resource)
    options = checked(
        HttpOptions(
            host=wish.host,
            port=wish.port,
            verifier=verifier,
            is_open=wish.is_open,
            resource=resource,
            tls=tls,
            allows_plain=wish.allows_plain,
            hosts=frozenset(wish.hosts),
            origins=frozenset(wish.origins),
        )
    )
    if isinstance(verifier, TokenFile) and not verifier.entries():
        token = verifier.create(FIRST_TOKEN)
        say(f"made the token {FIRST_TOKEN!r}, which is shown only now: {token}")
        say("clients send it as `Authorization: Bearer TOKEN`; see `lsp-agent mcp token`")
    return options


def _verifier(resource: ProtectedResource | None) -> Verifier:
    return TokenFile(tokens_path()) if resource is None else JwtVerifier(resource)
