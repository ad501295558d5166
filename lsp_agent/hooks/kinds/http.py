"""An address that the occasion is posted to, and that answers with JSON.

The status 200 comes with an answer, 204 with none; any other is a failure, a redirection too.
"""

import os
import ssl
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Annotated

import httpx2
import msgspec
from msgspec import Meta

from lsp_agent.hooks.answers import NOTHING, Answer, HookFailed, answer_of
from lsp_agent.hooks.hook import Fields, Kind, Occasion, Place, RunHook
from mcp_tools.types.errors import ExpectedError
from mcp_tools.web.targets import target_of

MAX_ANSWER_BYTES = 256 * 1024


class HttpFields(Fields, frozen=True, kw_only=True):
    """Whom to ask."""

    url: Annotated[str, Meta(description="An address with https; with http on this machine alone.")]
    header_variables: Annotated[
        Mapping[str, str],
        Meta(description="By header, the environment variable that has its value."),
    ] = msgspec.field(default_factory=dict[str, str])


def make(fields: HttpFields, place: Place) -> RunHook:
    """Give what posts to the address.

    Raises: HookFailed if it is not one that may be asked.
    """
    del place
    url = _checked_url(fields.url)

    async def run(occasion: Occasion) -> Answer:
        headers = {"Content-Type": "application/json", **_headers(fields.header_variables)}
        try:
            async with (
                httpx2.AsyncClient(trust_env=False, follow_redirects=False, timeout=None) as client,
                client.stream("POST", url, content=occasion.as_json(), headers=headers) as response,
            ):
                return _answer(response.status_code, await _body(response))
        except (httpx2.HTTPError, httpx2.InvalidURL, ssl.SSLError, OSError) as error:
            raise HookFailed(f"{url} cannot be reached: {error!r}") from error

    return run


def _answer(status: int, body: bytes) -> Answer:
    match status:
        case 200:
            return answer_of(body)
        case 204:
            return NOTHING
        case _:
            raise HookFailed(f"expected the status 200 or 204, got {status}")


async def _body(response: httpx2.Response) -> bytes:
    found = bytearray()
    async for piece in response.aiter_bytes():
        found += piece
        if len(found) > MAX_ANSWER_BYTES:
            raise HookFailed(f"it answered with more than {MAX_ANSWER_BYTES // 1024} KiB")
    return bytes(found)


def _checked_url(url: str) -> str:
    try:
        target = target_of(url)
    except ExpectedError as error:
        raise HookFailed(str(error)) from error
    if target.scheme == "http" and not _is_this_machine(target.host):
        raise HookFailed(f"expected https for an address beyond this machine, got {url!r}")
    return target.url


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _headers(variables: Mapping[str, str]) -> dict[str, str]:
    missing = [name for name in variables.values() if not os.environ.get(name)]
    if missing:
        raise HookFailed(f"the environment variable {missing[0]} is not set")
    return {header: os.environ[name] for header, name in variables.items()}


KIND = Kind(
    name="http",
    summary="an address: JSON is posted to it, JSON comes back; only of the user's own file",
    fields=HttpFields,
    make=make,
    is_for_projects=False,
)
