"""Finding files by their names."""

from pydantic import Field

from mcp_tools.code.arguments import FolderPath, ToolInput, ToolOutput
from mcp_tools.code.searching import find_files
from mcp_tools.types.calls import Answer, Tool, ToolContext

MAX_FILES = 500


class GlobInput(ToolInput):
    """Which files below which folder."""

    pattern: str = Field(
        min_length=1,
        max_length=1000,
        description="A glob, such as `**/*.py`, `src/*.{ts,tsx}` or `test_*.py` (at any depth)",
    )
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
        "Find files of the workspace by a glob pattern over their paths. "
        "Use it when you know a part of a name; use grep for what is in files. "
        "Returns paths sorted by name; files that .gitignore leaves out are not among them."
    ),
    input_model=GlobInput,
    output_model=GlobOutput,
    run=glob,
)
