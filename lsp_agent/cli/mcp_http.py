"""The options by which `lsp-agent mcp` serves HTTP, and what they mean together."""

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.cli.command import UsageError

MAX_PORT = 65535
_ADDRESS = re.compile(
    r"\[(?P<v6>[0-9A-Fa-f:.]+)\]:(?P<port6>[0-9]{1,5})|(?P<host>[^:]*):(?P<port>[0-9]{1,5})"
)


def add_http_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group("HTTP")
    group.add_argument("--http", metavar="HOST:PORT", help="serve HTTP, such as 127.0.0.1:8765")
    group.add_argument(
        "--no-auth", action="store_true", help="ask for no token; for tests on loopback only"
    )
    group.add_argument("--tls-cert", metavar="FILE", help="certificate chain, as PEM")
    group.add_argument("--tls-key", metavar="FILE", help="its private key, as PEM")
    group.add_argument(
        "--plain",
        action="store_true",
        help="listen beyond loopback without TLS, where a proxy in front does that part",
    )
    group.add_argument(
        "--allow-host",
        metavar="NAME",
        action="append",
        default=[],
        help="a name by which clients call this machine",
    )
    group.add_argument(
        "--allow-origin",
        metavar="URL",
        action="append",
        default=[],
        help="a web page's origin that may call, such as https://chat.example",
    )
    group.add_argument(
        "--issuer", metavar="URL", help="take the tokens of this authorization server"
    )
    group.add_argument(
        "--resource", metavar="URL", help="our own URL, for which its tokens are made"
    )
    group.add_argument(
        "--scope", metavar="SCOPE", action="append", default=[], help="what a token must grant"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpWish:
    """Where and for whom to listen, as the command line says; nothing of it is checked yet."""

    host: str
    port: int
    is_open: bool
    """Ask for no token."""
    tls: tuple[Path, Path] | None
    """Certificate chain and private key."""
    allows_plain: bool
    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    resource: tuple[str, str] | None
    """Our own URL, and the authorization server whose tokens are taken; None for our own."""
    scopes: tuple[str, ...]


def http_wish_of(arguments: argparse.Namespace) -> HttpWish | None:
    """Give where to listen; None if HTTP is not wanted.

    Raises: UsageError for an address that is none, and options that do not go together.
    """
    if arguments.http is None:
        _refuse_alone(arguments)
        return None
    match = _ADDRESS.fullmatch(arguments.http)
    port = int((match["port"] or match["port6"]) if match else 0)
    if match is None or port > MAX_PORT:
        raise UsageError(f"expected --http HOST:PORT, got {arguments.http!r}")
    if (arguments.tls_cert is None) != (arguments.tls_key is None):
        raise UsageError("expected --tls-cert and --tls-key, got one of them")
    if (arguments.issuer is None) != (arguments.resource is None):
        raise UsageError("expected --issuer and --resource, got one of them")
    if arguments.no_auth and arguments.issuer is not None:
        raise UsageError("expected --no-auth or --issuer, got both")
    certificate: str | None = arguments.tls_cert
    resource: str | None = arguments.resource
    issuer: str | None = arguments.issuer
    return HttpWish(
        host=match["v6"] or match["host"] or "127.0.0.1",
        port=port,
        is_open=arguments.no_auth,
        tls=None if certificate is None else (Path(certificate), Path(arguments.tls_key)),
        allows_plain=arguments.plain,
        hosts=tuple(arguments.allow_host),
        origins=tuple(arguments.allow_origin),
        resource=None if resource is None or issuer is None else (resource, issuer),
        scopes=tuple(arguments.scope),
    )


def _refuse_alone(arguments: argparse.Namespace) -> None:
    """See that nobody believes to have secured what is not there."""
    names = ("no_auth", "tls_cert", "tls_key", "plain", "allow_host", "allow_origin", "issuer")
    given = [name for name in (*names, "resource", "scope") if getattr(arguments, name)]
    if given:
        raise UsageError(f"--{given[0].replace('_', '-')} says how to serve HTTP: add --http")
