"""Committing what was done."""

from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.arguments import ToolInput, ToolOutput
from mcp_tools.code.git.committing import Wish, commit, names_in
from mcp_tools.code.git.repository import open_repository
from mcp_tools.code.git.selecting import Paths, listed, selected
from mcp_tools.types.calls import Answer, Risk, Tool, ToolContext
from mcp_tools.types.errors import InvalidEdit

_MAX_FILES = 200


class GitCommitInput(ToolInput):
    """What to commit, and what to say of it."""

    message: Annotated[
        str,
        Field(
            min_length=1,
            max_length=20_000,
            pattern=r"\S",
            description="One line, then a blank line and more if needed",
            validation_alias=AliasChoices("message", "msg", "commit_message"),
        ),
    ]
    paths: Annotated[
        Paths,
        Field(
            description="Files and folders to commit, new and deleted ones too, and no other; "
            "without them, what is staged",
            validation_alias=AliasChoices("paths", "files", "path"),
        ),
    ] = ()
    all: Annotated[
        bool, Field(description="Commit every change below the workspace root, new files too")
    ] = False


class GitCommitOutput(ToolOutput):
    """The new commit."""

    commit: str
    subject: str
    files: tuple[str, ...] = Field(
        description="What it changed, from the top of the repository; the first 200"
    )
    n_files: int
    note: str = Field(description="What was not done")


async def git_commit(context: ToolContext, arguments: GitCommitInput) -> Answer:
    """Commit, and answer with the commit.

    Raises: InvalidEdit if there is nothing to commit; StaleEdit if files to be committed have
        unsaved or held text; NotFound if there is no repository or identity; Denied if something
        confidential is in the message; OutsideWorkspace, ProgramFailed.
    """
    if arguments.all and arguments.paths:
        raise InvalidEdit("expected paths or all, got both; nothing was committed")
    if "\0" in arguments.message:
        raise InvalidEdit("expected a message, got one with a NUL character")
    context.publishing.check("the message", arguments.message)
    paths = selected(context, arguments.paths)
    repository = await open_repository(context)
    repository.check_work_tree("git_commit")
    wish = Wish(message=arguments.message, paths=paths, is_everything=arguments.all)
    made = await commit(repository, wish)
    names = await names_in(repository, made)
    data = GitCommitOutput(
        commit=made.id,
        subject=made.subject,
        files=names[:_MAX_FILES],
        n_files=len(names),
        note="hooks did not run, and nothing was pushed",
    )
    said = f"committed {made.id[:10]}: {made.subject}"
    text = f"{said}\n{data.n_files} files: {listed(names)}\n[{data.note}]"
    return Answer(text=text, data=data)


TOOL = Tool(
    name="git_commit",
    title="Commit with git",
    description=(
        "Commit what is on disk: the given files, everything, or what is staged. Save or accept "
        "unsaved and held text first. Hooks do not run; nothing is amended or pushed. "
        "A line in the message says that an agent helped."
    ),
    input_model=GitCommitInput,
    output_model=GitCommitOutput,
    run=git_commit,
    risk=Risk.MEDIUM,
    is_read_only=False,
    is_pure=False,
    is_concurrency_safe=False,
    is_idempotent=False,
)
