"""Reviewing hunk by hunk on a terminal, as `git add -p` does."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from lsp_agent.agent.events import Outcome
from lsp_agent.cli.hunk_view import hunk_place
from lsp_agent.cli.render import perform
from lsp_agent.cli.review_view import counted, headline, show_hunk
from lsp_agent.cli.terminal import Terminal
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Accept, Comment, ExplainHunks, Reject, Revise, Work
from mcp_tools.types.errors import NotFound
from mcp_tools.workspace.hunks import Hunk
from mcp_tools.workspace.review import Review, ReviewedFile, Selection, review_of

KEYS = "y,n,c,e,s,a,d,q,?"
HELP = """\
y  accept this hunk: it is written at once, and `lsp-agent undo` takes it back
n  reject this hunk: it is forgotten
c  comment on it; all comments go to the agent as one review at the end
e  let the agent explain it
s  skip it: it waits for another time
a  accept this hunk and the rest of the file
d  reject this hunk and the rest of the file
q  quit; what is not decided waits for another time
?  show this"""

MakeWork = Callable[[str, Selection], Work]


@dataclass(frozen=True, slots=True)
class _Item:
    """What is asked about: a hunk, and the file that it is in."""

    hunk: Hunk
    file: ReviewedFile

    @property
    def selection(self) -> Selection:
        return Selection(path=self.hunk.path, hunk_id=self.hunk.id)


async def review_by_hand(engine: Engine, terminal: Terminal, proposal_id: str) -> bool:
    """Ask about every hunk of a proposal; False when the person wants to stop altogether.

    What the agent makes of the comments is asked about in its turn.
    """
    while True:
        picker = _Picker(engine, terminal, proposal_id)
        goes_on = await picker.ask_all()
        if not await picker.send() or not goes_on:
            return goes_on


class _Picker:
    """One way through the hunks of one proposal."""

    def __init__(self, engine: Engine, terminal: Terminal, proposal_id: str) -> None:
        self._engine = engine
        self._terminal = terminal
        self._id = proposal_id
        self._root = engine.workspace.root
        self._passed: set[str] = set()
        """Hunks that wait: skipped, commented on, or not to be had."""
        self._comments: list[Comment] = []

    async def ask_all(self) -> bool:
        """Ask from the top down until nothing is left; False when the person quits."""
        review = self._review()
        if review is not None:
            self._terminal.note(f"Proposal {self._id}: {headline(review)}", style="bold")
        try:
            while (item := self._next()) is not None:
                show_hunk(item.hunk, item.file.below, self._root, self._terminal)
                if not await self._decide(item):
                    return False
        except (asyncio.CancelledError, KeyboardInterrupt):  # between two questions, or in one
            self._repeat_comments()
            raise
        self._tell_stale()
        return True

    async def send(self) -> bool:
        """Send the comments as one review; tell whether the proposal was revised by them."""
        if not self._comments:
            return False
        comments = tuple(self._comments)
        self._terminal.note(f"Sending a review with {counted(len(comments), 'comment')}.")
        is_revised = await self._do(Revise(proposal_id=self._id, comments=comments))
        if not is_revised:
            self._repeat_comments()
        return is_revised

    async def _decide(self, item: _Item) -> bool:
        question = f"Accept this hunk of {hunk_place(item.hunk, self._root)} [{KEYS}]?"
        match await self._terminal.ask(question):
            case "y":
                await self._settle(item, Accept)
            case "n":
                await self._settle(item, Reject)
            case "a":
                await self._settle_rest(item, Accept)
            case "d":
                await self._settle_rest(item, Reject)
            case "c":
                await self._comment(item)
            case "e":
                await self._explain(item)
            case "s":
                self._passed.add(item.hunk.id)
            case "q" | None:
                return False
            case _:
                self._terminal.note(HELP)
        return True

    async def _settle(self, item: _Item, make_work: MakeWork) -> None:
        if not await self._do(make_work(self._id, item.selection)):
            self._passed.add(item.hunk.id)

    async def _settle_rest(self, item: _Item, make_work: MakeWork) -> None:
        """Settle what is asked about in a file: at once, if that is all there is in it."""
        ids = {hunk.id for hunk in item.file.hunks}
        if not (ids & self._passed or item.file.stale_hunks):
            if not await self._do(make_work(self._id, Selection(path=item.file.path))):
                self._passed |= ids
            return
        left: _Item | None = item
        while left is not None and left.file.path == item.file.path:
            await self._settle(left, make_work)
            left = self._next()

    async def _comment(self, item: _Item) -> None:
        text = await self._terminal.ask("Your comment:")
        if text:
            self._comments.append(Comment(selection=item.selection, text=text))
            self._passed.add(item.hunk.id)

    async def _explain(self, item: _Item) -> None:
        work = ExplainHunks(proposal_id=self._id, selection=item.selection)
        done = await perform(self._engine, work, self._terminal)
        style = "" if done.outcome is Outcome.DONE else "yellow"
        self._terminal.note(done.text.strip(), style=style)

    async def _do(self, work: Work) -> bool:
        """Do it, and say why when it cannot be done."""
        done = await perform(self._engine, work, self._terminal)
        if done.outcome is not Outcome.DONE:
            self._terminal.note(done.text.strip(), style="yellow")
        return done.outcome is Outcome.DONE

    def _review(self) -> Review | None:
        try:
            return review_of(self._engine.workspace, self._id)
        except NotFound:
            return None

    def _next(self) -> _Item | None:
        """Give the first hunk that is to be asked about; decisions move and renumber hunks."""
        review = self._review()
        for file in review.files if review else ():
            for hunk in file.hunks:
                if hunk.id not in self._passed:
                    return _Item(hunk, file)
        return None

    def _tell_stale(self) -> None:
        review = self._review()
        for file in review.files if review else ():
            name = file.path.relative_to(self._root).as_posix()
            for stale in file.stale_hunks:
                self._terminal.note(
                    f"A hunk of {name} does not fit any more: {stale.reason}. Forget it by "
                    f"`lsp-agent review {self._id} --reject {stale.hunk.id}`.",
                    style="yellow",
                )
        n_left = len(review.hunks) if review else 0
        if n_left:
            self._terminal.note(f"Still waiting for review: {counted(n_left)}.")

    def _repeat_comments(self) -> None:
        """Show the comments that did not reach the agent, so that they can be used again."""
        if self._comments:
            texts = "\n".join(f"- {comment.text}" for comment in self._comments)
            self._terminal.note(f"These comments were not sent:\n{texts}", style="yellow")
