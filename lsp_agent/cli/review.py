"""Accept, reject or comment on edits that wait for review."""

import argparse
import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lsp_agent.agent.events import Outcome
from lsp_agent.cli.arguments import folder_in, settings_of, workspace_of
from lsp_agent.cli.command import CliCommand, UsageError
from lsp_agent.cli.exit_codes import ExitCode
from lsp_agent.cli.opening import add_place_arguments, check_journal, opened
from lsp_agent.cli.outcomes import EXIT_CODES
from lsp_agent.cli.picking import review_by_hand
from lsp_agent.cli.render import Done, perform
from lsp_agent.cli.report import outcome_json, proposal_json
from lsp_agent.cli.review_view import counted, reviews_json, show_review
from lsp_agent.cli.selecting import proposals_of, selection_of
from lsp_agent.cli.terminal import Terminal
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Accept, Comment, ExplainHunks, Reject, Revise, Work
from mcp_tools.workspace.proposals import Proposal
from mcp_tools.workspace.review import Review, Selection, review_of

PART = "FILE[:HUNK]"
NOTHING_WAITS = "no edits wait for review"
EPILOG = """\
Without an option, on a terminal: asks hunk by hunk. Elsewhere, or with --show: lists what waits.
ID may be left out when only one proposal waits; `all` is each of them. Name it before options.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """What the person asks for, with the workspace that it is about."""

    engine: Engine
    terminal: Terminal
    here: Path
    arguments: argparse.Namespace

    @property
    def root(self) -> Path:
        return self.engine.workspace.root

    @property
    def waiting(self) -> tuple[Proposal, ...]:
        """The proposals that there is something to decide on; some the files have by now."""
        return tuple(review.proposal for review in self.reviews())

    @property
    def named(self) -> tuple[Proposal, ...]:
        """The proposals that are meant; for a list all of them when none is named."""
        text: str | None = self.arguments.proposal
        return self.waiting if text is None and self.is_list else proposals_of(text, self.waiting)

    @property
    def is_list(self) -> bool:
        asked = self.arguments
        return not (asked.accept or asked.reject or asked.explain or asked.comment)

    def selection(self, text: str, proposal: Proposal) -> Selection:
        review = review_of(self.engine.workspace, proposal.id)
        return selection_of(text, review, root=self.root, here=self.here)

    def reviews(self) -> list[Review]:
        """Give what waits hunk by hunk, as the files are now."""
        workspace = self.engine.workspace
        found = [review_of(workspace, proposal.id) for proposal in workspace.open_proposals()]
        return [r for r in found if r.hunks or any(file.stale_hunks for file in r.files)]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EPILOG
    parser.add_argument(
        "proposal", metavar="ID", nargs="?", help="the proposal, by its id or the beginning of it"
    )
    group = parser.add_mutually_exclusive_group()
    for name, does in (
        ("accept", "write it, or only this part, to disk"),
        ("reject", "forget it, or only this part"),
        ("explain", "let the agent say what it, or this part, does and why"),
    ):
        group.add_argument(
            f"--{name}", metavar=PART, nargs="?", const="", action="append", help=does
        )
    group.add_argument(
        "--comment",
        metavar=("TEXT", PART),
        nargs="+",
        action="append",
        help="let the agent change it by this comment; several make one review",
    )
    group.add_argument(
        "--show", action="store_true", help="list what waits, also on a terminal, and ask nothing"
    )
    parser.add_argument("--model", metavar="M", help="use this model for --explain and --comment")
    add_place_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show what waits for review, or decide on it, and give the exit code.

    Raises: UsageError, CommandFailed.
    """
    settings, root = settings_of(arguments), workspace_of(arguments.root)
    terminal = Terminal()
    with opened(settings, root, terminal) as engine:
        check_journal(engine)
        here = folder_in(root)
        request = _Request(engine=engine, terminal=terminal, here=here, arguments=arguments)
        return asyncio.run(_review(request))


async def _review(request: _Request) -> int:
    asked, terminal = request.arguments, request.terminal
    proposals = request.named
    if request.is_list:
        ids = {proposal.id for proposal in proposals}
        reviews = [review for review in request.reviews() if review.proposal.id in ids]
        if terminal.is_interactive and not (asked.show or asked.json):
            return await _by_hand(request, reviews)
        return _list(request, reviews)
    dones = [await perform(request.engine, w, terminal) for w in _works(request, proposals)]
    if not dones:
        raise UsageError(NOTHING_WAITS)
    return _finish(request, dones)


def _works(request: _Request, proposals: Sequence[Proposal]) -> list[Work]:
    """Give all that is to be done; every name is looked up before anything is."""
    asked = request.arguments
    works: list[Work] = []
    for proposal in proposals:
        if asked.comment:
            comments = tuple(_comment(request, words, proposal) for words in asked.comment)
            works.append(Revise(proposal_id=proposal.id, comments=comments))
            continue
        for text in asked.accept or asked.reject or asked.explain:
            selection = request.selection(text, proposal)
            if asked.accept:
                works.append(Accept(proposal.id, selection))
            elif asked.reject:
                works.append(Reject(proposal.id, selection))
            else:
                works.append(ExplainHunks(proposal_id=proposal.id, selection=selection))
    return works


def _comment(request: _Request, words: Sequence[str], proposal: Proposal) -> Comment:
    text, *parts = words
    if len(parts) > 1:
        raise UsageError(f"expected --comment TEXT [{PART}], got {len(words)} words")
    if not text.strip():
        raise UsageError("expected a comment, got an empty text")
    return Comment(selection=request.selection("".join(parts), proposal), text=text)


def _list(request: _Request, reviews: Sequence[Review]) -> int:
    if request.arguments.json:
        done = Done(outcome=Outcome.DONE, text="")
        print(_report(request, done, reviews))
        return ExitCode.DONE
    for index, review in enumerate(reviews):
        if index:
            request.terminal.result("")
        show_review(review, request.root, request.terminal)
    if not reviews:
        request.terminal.note(f"{NOTHING_WAITS.capitalize()}.")
    return ExitCode.DONE


async def _by_hand(request: _Request, reviews: Sequence[Review]) -> int:
    if not reviews:
        request.terminal.note(f"{NOTHING_WAITS.capitalize()}.")
    for review in reviews:
        proposal_id = review.proposal.id
        if not await review_by_hand(request.engine, request.terminal, proposal_id):
            break
    return ExitCode.DONE


def _finish(request: _Request, dones: Sequence[Done]) -> int:
    """Tell what came of it; the first that did not end well gives the exit code."""
    worst = next((done for done in dones if done.outcome is not Outcome.DONE), dones[-1])
    reviews = request.reviews()
    if request.arguments.json:
        text = "\n".join(done.text for done in dones if done.text)
        entries = tuple(entry for done in dones for entry in done.entries)
        is_applied = any(done.is_applied for done in dones)
        whole = replace(worst, text=text, entries=entries, is_applied=is_applied)
        print(_report(request, whole, reviews))
        return EXIT_CODES[worst.outcome]
    for done in dones:
        _show(request, done)
    n_hunks = sum(len(review.hunks) for review in reviews)
    left = f"{counted(n_hunks)} in all now" if n_hunks else "nothing any more"
    request.terminal.note(f"Waiting for review: {left}.")
    return EXIT_CODES[worst.outcome]


def _show(request: _Request, done: Done) -> None:
    is_answer = done.outcome is Outcome.DONE and request.arguments.explain
    if is_answer:
        request.terminal.result(done.text.strip())
        return
    style = "green" if done.outcome is Outcome.DONE else "yellow"
    request.terminal.diff(done.diff)
    request.terminal.note(done.text.strip(), style=style)


def _report(request: _Request, done: Done, reviews: Sequence[Review]) -> str:
    fields = outcome_json(done) | {"diff": done.diff} | proposal_json(done)
    return json.dumps(fields | {"proposals": reviews_json(reviews, request.root)})


COMMAND = CliCommand(
    name="review",
    summary="accept, reject or comment on edits that wait for review",
    add_arguments=add_arguments,
    run=run,
)
