"""Ways out of the sandbox: each is tried by a real command, and must have no effect.

The same commands run without walls as well, where each must have its effect: an escape that does
nothing anywhere would prove nothing.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from lsp_agent.sandbox.confining.around import PLAIN, Surroundings, Walls
from lsp_agent.sandbox.confining.bubblewrap import Bubblewrap
from lsp_agent.sandbox.confining.namespaces import Namespaces
from lsp_agent.sandbox.confining.scope import Confinement
from lsp_agent.sandbox.copying import CopyLimits, run_in_copy
from lsp_agent.sandbox.overlay import run_in_overlay
from mcp_tools.types.commands import CommandResult, ShellCommand
from mcp_tools.types.errors import CannotShow
from tests.lsp_agent.sandbox.outside import Outside, is_alive, outside_of_walls
from tests.lsp_agent.sandbox.views import Bench, need_overlay

pytestmark = pytest.mark.asyncio

_PYTHON_CONNECTS = (
    '@PYTHON@ -c "import socket as s; c = s.socket({0}); c.settimeout(2); c.connect({1})"'
)


@dataclass(frozen=True)
class Escape:
    """A command, and how to tell that it got out."""

    line: str
    has_worked: Callable[[Outside, CommandResult], bool]
    needs: str = "sh"


def _wrote(outside: Outside, _result: CommandResult) -> bool:
    return bool(outside.changed())


def _read(outside: Outside, result: CommandResult) -> bool:
    return outside.token in result.output


def _called(outside: Outside, _result: CommandResult) -> bool:
    return outside.was_called()


def _killed(outside: Outside, _result: CommandResult) -> bool:
    return not is_alive(outside.victim)


def _said(_outside: Outside, result: CommandResult) -> bool:
    return "got out" in result.output


ESCAPES: dict[str, Escape] = {
    "a new file beside the workspace": Escape("echo x > @BESIDE@/new", _wrote),
    "a file beside the workspace is changed": Escape("echo x >> @BESIDE@/victim", _wrote),
    "a file beside the workspace is emptied": Escape(": > @BESIDE@/victim", _wrote),
    "a file beside the workspace is removed": Escape("rm -f @BESIDE@/victim", _wrote),
    "a file beside the workspace is renamed": Escape("mv @BESIDE@/victim @BESIDE@/v", _wrote),
    "a file beside the workspace is closed": Escape("chmod 600 @BESIDE@/victim", _wrote),
    "a folder beside the workspace": Escape("mkdir @BESIDE@/new", _wrote),
    "a link beside the workspace": Escape("ln -s /etc @BESIDE@/new", _wrote),
    "a path with dots": Escape("cd @ROOT@ && echo x > ../beside/new", _wrote),
    "a new link out of the workspace": Escape("ln -s @BESIDE@ l && echo x > l/new", _wrote),
    "a folder that becomes a link": Escape(
        "rm -r folder && ln -s @BESIDE@ folder && echo x > folder/new", _wrote
    ),
    "a copy by cp": Escape("cp file @BESIDE@/new", _wrote),
    "a copy by dd": Escape("dd if=file of=@BESIDE@/victim conv=notrunc", _wrote),
    "a copy by tee": Escape("echo x | tee @BESIDE@/new", _wrote),
    "a copy by git": Escape("git init -q @BESIDE@/new", _wrote, needs="git"),
    "the home folder": Escape("echo x > $HOME/new", _wrote),
    "the start of a shell": Escape("echo x >> $HOME/.bashrc", _wrote),
    "the settings of git": Escape("git config --global alias.x '!id'", _wrote, needs="git"),
    "the real files of a copied workspace": Escape("echo x > @ROOT@/file", _wrote),
    "a hook of git": Escape("echo x > @ROOT@/.git/hooks/pre-commit", _wrote),
    "a scratch file": Escape("echo x > /tmp/lsp-agent-test-@TOKEN@", _wrote),
    "another scratch file": Escape("echo x > /var/tmp/lsp-agent-test-@TOKEN@", _wrote),
    "memory that is shared by name": Escape("echo x > /dev/shm/lsp-agent-test-@TOKEN@", _wrote),
    "a key": Escape("cat $HOME/.ssh/id_test", _read),
    "a key of a cloud": Escape("cat $HOME/.aws/credentials", _read),
    "passwords of hosts": Escape("cat $HOME/.netrc", _read),
    "a token for packages": Escape("cat $HOME/.npmrc", _read),
    "passwords of git": Escape("cat $HOME/.git-credentials", _read),
    "a key behind a link": Escape("ln -s $HOME/.ssh s && cat s/id_test", _read),
    "a key in an archive": Escape("tar cf - -C $HOME .", _read, needs="tar"),
    "a search of the home folder": Escape("grep -r . $HOME", _read),
    "our own state": Escape("cat @STATE@/session", _read),
    "what is left of a process": Escape("cat /proc/@PID@/environ", _read),
    "a key by way of a process": Escape("cat /proc/@PID@/root$HOME/.ssh/id_test", _read),
    "curl": Escape("curl -s -m 2 http://127.0.0.1:@TCP@/", _called, needs="curl"),
    "wget": Escape("wget -q -T 2 -t 1 http://127.0.0.1:@TCP@/", _called, needs="wget"),
    "nc": Escape("nc -w 2 127.0.0.1 @TCP@ < file", _called, needs="nc"),
    "ssh": Escape("ssh -o ConnectTimeout=2 -p @TCP@ 127.0.0.1", _called, needs="ssh"),
    "git over the network": Escape(
        "timeout 2 git ls-remote git://127.0.0.1:@TCP@/x", _called, needs="git"
    ),
    "the network of bash": Escape("bash -c 'echo x > /dev/tcp/127.0.0.1/@TCP@'", _called),
    "the datagrams of bash": Escape("bash -c 'echo x > /dev/udp/127.0.0.1/@UDP@'", _called),
    "a connection": Escape(_PYTHON_CONNECTS.format("2", "('127.0.0.1', @TCP@)"), _called),
    "a socket of a service": Escape(_PYTHON_CONNECTS.format("1", "'@UNIX@'"), _called),
    "a socket in the real workspace": Escape(
        _PYTHON_CONNECTS.format("1", "'@ROOT@/socket'"), _called
    ),
    "a socket without a path": Escape(_PYTHON_CONNECTS.format("1", "b'\\0' + b'@TOKEN@'"), _called),
    "a signal": Escape("kill -9 @PID@", _killed),
    "a look at a process": Escape("test -d /proc/@PID@ && echo got out", _said),
    "a namespace": Escape("unshare -U true && echo got out", _said, needs="unshare"),
}


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    """Set up what is not to be reached."""
    with outside_of_walls() as found:
        monkeypatch.setenv("HOME", str(found.home))
        monkeypatch.setenv("LSP_AGENT_STATE_DIR", str(found.folder / "state"))
        yield found


@pytest.mark.parametrize("name", ESCAPES)
async def test_without_walls_it_is_a_way_out(outside: Outside, name: str) -> None:
    assert await _has_worked(outside, name, None)


@pytest.mark.parametrize("name", ESCAPES)
async def test_namespaces_hold(outside: Outside, name: str) -> None:
    assert not await _has_worked(outside, name, Namespaces())


@pytest.mark.parametrize("name", ESCAPES)
async def test_bubblewrap_holds(outside: Outside, name: str) -> None:
    assert not await _has_worked(outside, name, Bubblewrap())


async def _has_worked(outside: Outside, name: str, confinement: Confinement | None) -> bool:
    escape, bench = ESCAPES[name], outside.bench
    if shutil.which(escape.needs) is None:
        pytest.skip(f"there is no {escape.needs} here")
    command = bench.command(outside.filled(escape.line))
    surroundings = PLAIN
    if confinement is not None:
        if problem := confinement.missing():
            pytest.skip(problem)
        walls = Walls(confinement=confinement, scratch=bench.folder / "scratch")
        surroundings = Surroundings(enclosure=walls)
    try:
        result = await _run(bench, command, surroundings)
    except CannotShow as error:
        if "CI" in os.environ:
            raise
        pytest.skip(str(error))
    return escape.has_worked(outside, result)


async def _run(bench: Bench, command: ShellCommand, surroundings: Surroundings) -> CommandResult:
    """Run in the view that is usual with these walls."""
    place, walls = bench.place, surroundings.enclosure
    if isinstance(walls, Walls) and isinstance(walls.confinement, Namespaces):
        await need_overlay(place)
        return await run_in_overlay(command, bench.snapshot(), place, surroundings)
    return await run_in_copy(command, bench.snapshot(), place, surroundings, limits=CopyLimits())
