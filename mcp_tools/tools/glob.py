"""Finding files by their names."""

from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.arguments import FolderPath, ToolInput, ToolOutput
from mcp_tools.code.searching import find_files
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext

MAX_FILES = 500


class GlobInput(ToolInput):
    """Which files below which folder."""

    pattern: Annotated[
        str,
        Field(
            min_length=1,
            max_length=1000,
            description="A glob; without `/` for names at any depth",
            examples=["src/**/*.{ts,tsx}", "test_*.py"],
            validation_alias=AliasChoices("pattern", "glob", "glob_pattern", "file_mask"),
        ),
    ]
    path: FolderPath = "."


class GlobOutput(ToolOutput):
    """The files found."""

    files: tuple[str, ...] = Field(
        description="Paths relative to the workspace root, sorted; the first 500"
    )
    n_files: int = Field(description="How many files match in all")
    is_complete: bool = Field(description="`files` has all of them")


async def glob(context: ToolContext, arguments: GlobInput) -> Answer:
    """Give the files whose path matches a glob; ignored ones are left out.

    Raises: NotFound, OutsideWorkspace, InvalidEdit if the glob is not valid.
    """
    below = context.resolve(arguments.path)
    paths = await find_files(context, below, arguments.pattern)
    names = tuple(context.display(path) for path in paths[:MAX_FILES])
    data = GlobOutput(files=names, n_files=len(paths), is_complete=len(names) == len(paths))
    return Answer(text=_text(data, arguments), data=data)


def _text(data: GlobOutput, arguments: GlobInput) -> str:
    if not data.files:
        return (
            f"no file below {arguments.path!r} matches {arguments.pattern!r}; "
            "ignored files are left out"
        )
    if data.is_complete:
        return "\n".join([*data.files, f"[{data.n_files} files]"])
    n_more = data.n_files - len(data.files)
    return "\n".join([*data.files, f"[{n_more} more files; narrow the pattern or the path]"])


TOOL = Tool(
    name="glob",
    title="Find files by name",
    description=(
        "Find files by a glob over their paths, sorted by name; without those that .gitignore "
        "leaves out. Use grep for what is in files."
    ),
    input_model=GlobInput,
    output_model=GlobOutput,
    run=glob,
    profiles=(Profile.READ, Profile.EDIT),
)
