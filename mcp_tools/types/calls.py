"""Tools, the calls made to them, and what comes back.

A tool is a value: its text for the model, its input and output shapes, what it may do, and a
function that computes an `Answer` from a `ToolContext`. It never writes: changes are returned.
"""

import asyncio
import shlex
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from mcp_tools.types.attending import NOBODY, Attendant
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.demands import Demand
from mcp_tools.types.documents import Document, SnapshotView
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import Denied, ExpectedError
from mcp_tools.types.jobs import Jobs
from mcp_tools.types.json import JsonObject
from mcp_tools.types.models import DataModel
from mcp_tools.types.programs import Command, Completed
from mcp_tools.types.publishing import UNRESTRICTED, Publishing
from mcp_tools.types.todos import TodoList
from mcp_tools.types.web import Fetcher, Searcher


class Risk(StrEnum):
    """How much harm a call can do before anyone looks at it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Profile(StrEnum):
    """A choice of tools for a client that should not be offered all of them."""

    READ = "read"
    """Looking at files and code."""
    SYMBOLS = "symbols"
    """Navigating and editing code by its symbols, beside a client's own file tools."""
    EDIT = "edit"
    """What most work needs: the default."""
    FULL = "full"
    """Every tool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A wish to run a tool, from a model, a client or a person."""

    id: str
    """Names this call in its result; unique within a session."""
    name: str
    arguments: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """What is no text: an image, a sound, or another file, for clients that can show it."""

    mime_type: str
    content: bytes
    uri: str = ""
    """Where it lies, as an address of a resource; empty if it lies nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a tool's own function gives back."""

    text: str
    """Complete alone, and compact: many clients show the model nothing else."""
    data: DataModel
    """Complete alone too: an instance of the tool's output model."""
    changes: ChangeSet | None = None
    """The edit that the tool computed; the host decides what becomes of it."""
    attachments: tuple[Attachment, ...] = ()
    """Beside the text, which is complete without them."""


class EditOutcome(StrEnum):
    """What became of a call's edit."""

    NONE = "none"
    HELD = "held"
    """Kept as a proposal; neither disk nor editor has changed."""
    APPLIED = "applied"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolResult:
    """What the caller of the host sees of a call."""

    call_id: str
    name: str
    text: str
    data: JsonObject | None = None
    """The output model as JSON; None when the call failed."""
    is_error: bool = False
    """The text then says what to do next."""
    is_denied: bool = False
    """The call failed because the gate, or a person, said no."""
    changes: ChangeSet | None = None
    edit_outcome: EditOutcome = EditOutcome.NONE
    proposal_id: str = ""
    """Where an edit is held; empty for any other."""
    entry_number: int | None = None
    """Which entry of the journal an edit is that was applied."""
    note: str = ""
    """What became of the edit and how to go on, in one line; text and data say the same."""
    attachments: tuple[Attachment, ...] = ()


MAX_READ_CHARS = 50_000_000
"""What a session remembers of what it has read; the oldest is forgotten first."""


class ReadLedger:
    """Which text of which file a session has seen, so that no edit is made blind."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self._texts: dict[Path, str] = {}
        self._own: set[Path] = set()
        """What was recorded here, and not taken over from the ledger that this is a copy of."""
        self._n_chars = 0

    def record(self, document: Document) -> None:
        """Remember that the session now knows this text."""
        self._remember(document.path, document.text)

    def copy(self) -> "ReadLedger":
        """Give a ledger that knows the same and may learn on its own."""
        other = ReadLedger()
        other._texts = dict(self._texts)
        other._n_chars = self._n_chars
        return other

    def learn(self, other: "ReadLedger") -> None:
        """Take over what was recorded in `other`, which may be a copy of this one as it was."""
        for path in other._own:
            self._remember(path, other._texts[path])

    def last_seen(self, path: Path) -> str | None:
        """Give the text that the session knows for `path`, None if it never read it."""
        return self._texts.get(path)

    def _remember(self, path: Path, text: str) -> None:
        self._forget(path)
        self._texts[path] = text
        self._own.add(path)
        self._n_chars += len(text)
        while self._n_chars > MAX_READ_CHARS and len(self._texts) > 1:
            self._forget(next(iter(self._texts)))

    def _forget(self, path: Path) -> None:
        self._own.discard(path)
        self._n_chars -= len(self._texts.pop(path, ""))


class Programs(Protocol):
    """Runs the helper programs that ship with the product, such as ripgrep and ruff.

    No shell, an argument vector only, a cleaned environment; a cancelled call kills its child.
    """

    async def run(self, command: Command) -> Completed:
        """Run to the end and give what it printed.

        Raises: ProgramFailed if it is missing or exceeds its time.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolContext:
    """All that a tool may touch: a frozen view of the workspace, and gated ports."""

    root: Path
    snapshot: SnapshotView
    programs: Programs
    reads: ReadLedger = field(default_factory=ReadLedger)
    make_codebase: Callable[[SnapshotView], CodebaseView] | None = None
    """Gives the code as a snapshot shows it; None where there is no index."""
    commands: Jobs | None = None
    """The shell commands of the session; None where none may run."""
    fetcher: Fetcher | None = None
    """The way to the network; None where there is none."""
    searcher: Searcher | None = None
    """The search engine that the user has named; None if there is none."""
    attendant: Attendant = NOBODY
    """Who waits for this call."""
    todo_list: TodoList = field(default_factory=TodoList)
    """What the session has to do."""
    is_trusted: bool = False
    """The user vouches for the workspace, so that programs may act on what it says."""
    publishing: Publishing = UNRESTRICTED
    """The user's word on what goes out to others."""

    @property
    def jobs(self) -> Jobs:
        """The shell commands of the session.

        Raises: ExpectedError if none may run here.
        """
        if self.commands is None:
            raise ExpectedError("no commands can be run here; ask the person to run it")
        return self.commands

    @property
    def web(self) -> Fetcher:
        """The way to the network.

        Raises: ExpectedError if there is none.
        """
        if self.fetcher is None:
            raise ExpectedError("nothing can be fetched from the network here")
        return self.fetcher

    @property
    def search_engine(self) -> Searcher:
        """The search engine that the user has named.

        Raises: ExpectedError if there is none; it says how to name one.
        """
        if self.searcher is None:
            raise ExpectedError(
                "no search engine is set up; the user can name one that speaks as SearXNG does, by "
                'search_url = "https://HOST/search" in the user\'s config.toml; until then, '
                "fetch known pages with web_fetch, or ask the person"
            )
        return self.searcher

    def check_trusted(self, what: str) -> None:
        """See that the user vouches for the workspace; `what` it is for begins a sentence.

        Raises: Denied with what the user can do.
        """
        if not self.is_trusted:
            raise Denied(
                f"{what} only in a folder that the user trusts, because what is in it says what "
                "would happen; for the user to allow it: `lsp-agent trust grant "
                f"{shlex.quote(str(self.root))}`"
            )

    def codebase(self) -> CodebaseView:
        """Give what is known about the code, as this call sees it; it may read files.

        Raises: ExpectedError if there is no index here.
        """
        if self.make_codebase is None:
            raise ExpectedError("there is no index of the code here; use grep and read_file")
        return self.make_codebase(self.snapshot)

    async def read(self, path: Path) -> Document:
        """Read the top layer of a document, off the event loop.

        Raises: NotFound, NotText, TooLarge, OutsideWorkspace.
        """
        return await asyncio.to_thread(self.snapshot.read, path)

    def resolve(self, path: str) -> Path:
        """Turn a path from a caller, absolute or relative to the root, into a normal one.

        Raises: OutsideWorkspace if its name leads out of the root.
        """
        return self.snapshot.resolve(path)

    def display(self, path: Path) -> str:
        """Give a path as a person or model should see it: relative to the root, with `/`."""
        return path.relative_to(self.root).as_posix() if path != self.root else "."


ToolRun: TypeAlias = Callable[[ToolContext, Any], Awaitable[Answer]]


def _demands_nothing(arguments: DataModel) -> Demand | None:
    del arguments
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One thing that can be done, as the host, the models and the protocols see it."""

    name: str
    """Verb and noun, the same as the file's name and the name on the wire."""
    title: str
    description: str
    input_model: type[DataModel]
    """Closed: unknown fields are refused, and every field has a description and bounds."""
    output_model: type[DataModel]
    run: ToolRun
    demand: Callable[[Any], Demand | None] = _demands_nothing
    """Gives what a call with these checked arguments would do outside of computing."""
    risk: Risk = Risk.LOW
    is_read_only: bool = True
    """Returns no changes and starts nothing that could make any."""
    is_pure: bool = True
    """Running it has no effect but the changes that it returns, which are judged by themselves."""
    is_concurrency_safe: bool = True
    """May run beside other calls of the same turn."""
    is_idempotent: bool = True
    is_open_world: bool = False
    """Reaches things outside of the workspace, such as the network."""
    profiles: tuple[Profile, ...] = ()
    """The choices that it is part of, beside FULL, which has every tool."""
    timeout_s: float = 120.0
    """The host ends a call that takes longer; a question to a person does not count."""
    max_text_chars: int = 40_000
    """The host cuts a longer answer at a line, and says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEffect:
    """A call is about to run; judged by tool and arguments."""

    tool: Tool
    call: ToolCall
    demand: Demand | None = None
    """What it would do outside of computing, where its arguments tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditEffect:
    """A computed edit is about to take effect; judged on the real change."""

    tool: Tool
    call: ToolCall
    changes: ChangeSet
    snapshot: SnapshotView | None = None
    """The text that the changes are about, where they are to be shown."""


Effect: TypeAlias = CallEffect | EditEffect


class Verdict(StrEnum):
    """What the gate lets happen; a question to a person has been answered by then."""

    ALLOW = "allow"
    HOLD = "hold"
    """Only for edits: keep it as a proposal."""
    DENY = "deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What a ruling rests on, in the words of those who ruled: for the audit log."""

    level: str = ""
    trust: str = ""
    risk: str = ""
    rule: str = ""
    """The rule that decided, as it is written; empty if none did."""
    checks: tuple[str, ...] = ()
    """What was found in a shell line, by the names of the checks."""
    answer: str = ""
    """What a person answered; empty if nobody was asked, or nobody answered."""
    answered_by: str = ""
    """Where the person was asked: the front end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A verdict with its reason."""

    verdict: Verdict
    reason: str
    """One line that names the rule, or who answered."""
    grounds: Grounds = Grounds()
