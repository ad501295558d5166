"""Reading a text file, unsaved text included."""

from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.answers.wording import counted
from mcp_tools.code.arguments import FilePath, ToolInput, ToolOutput
from mcp_tools.code.diagnostics.line_range import EndLine
from mcp_tools.code.images import image_at
from mcp_tools.code.numbered import bare, numbered, shortened
from mcp_tools.types.calls import Answer, Attachment, Profile, Tool, ToolContext
from mcp_tools.types.contents import Binary, digest_of_content
from mcp_tools.types.documents import Document, Layer
from mcp_tools.types.errors import NotFound
from mcp_tools.types.text import split_lines

MAX_LINES = 2000
_MAX_CHARS = 36_000
"""Less than what the host cuts at, so that the note on how to go on is never lost."""

_LAYER_NAMES = {
    Layer.DISK: "",
    Layer.BUFFER: " (unsaved text of the editor)",
    Layer.PROPOSAL: " (with edits that are not accepted yet)",
}


class ReadFileInput(ToolInput):
    """Which lines of which file."""

    path: FilePath
    start_line: Annotated[
        int,
        Field(
            ge=1,
            le=10**8,
            description="First line, from 1",
            validation_alias=AliasChoices("start_line", "startLine", "offset", "line"),
        ),
    ] = 1
    end_line: EndLine = 0
    limit: int = Field(default=1000, ge=1, le=MAX_LINES, description="Most lines to give")


class ReadFileOutput(ToolOutput):
    """Lines of a file."""

    path: str = Field(description="The file, relative to the workspace root")
    text: str = Field(description="The lines as they are, with their line ends, without numbers")
    start_line: int = Field(description="First line in `text`, from 1; 0 when the file is empty")
    end_line: int = Field(description="Last line in `text`, itself included")
    total_lines: int = Field(description="How many lines the file has")
    layer: Layer = Field(description="`disk`, `buffer` (unsaved) or `proposal` (not accepted)")
    digest: str = Field(description="Digest of the whole text")
    is_complete: bool = Field(description="`text` is the whole file")
    mime_type: str = Field(description="`text/plain`; for an image its own, and it is attached")


async def read_file(context: ToolContext, arguments: ReadFileInput) -> Answer:
    """Give lines of a file with their numbers, and remember the file as read; or an image.

    Raises: NotFound, also for a start behind the last line; NotText, TooLarge, OutsideWorkspace.
    """
    path = context.resolve(arguments.path)
    image = await image_at(context, path)
    if image is not None:
        return _image_answer(context.display(path), image)
    document = await context.read(path)
    lines = split_lines(document.text)
    name = context.display(document.path)
    first, last = _range(name, lines, arguments)
    context.reads.record(document)
    chosen = lines[first - 1 : last] if lines else []
    data = ReadFileOutput(
        path=name,
        text="".join(chosen),
        start_line=first if lines else 0,
        end_line=last,
        total_lines=len(lines),
        layer=document.layer,
        digest=document.digest,
        is_complete=len(chosen) == len(lines),
        mime_type="text/plain",
    )
    return Answer(text=_text(document, data, chosen), data=data)


def _image_answer(name: str, image: Attachment) -> Answer:
    data = ReadFileOutput(
        path=name,
        text="",
        start_line=0,
        end_line=0,
        total_lines=0,
        layer=Layer.DISK,
        digest=digest_of_content(Binary(image.content)),
        is_complete=True,
        mime_type=image.mime_type,
    )
    text = f"{name} is an image ({image.mime_type}, {len(image.content)} bytes), attached"
    return Answer(text=text, data=data, attachments=(image,))


def _range(name: str, lines: list[str], arguments: ReadFileInput) -> tuple[int, int]:
    """Give first and last line number, as many as fit."""
    first, total = arguments.start_line, len(lines)
    if first > max(total, 1):
        raise NotFound(
            f"{name!r} has {total} lines, got start_line={first}; pass 1 to {max(total, 1)}"
        )
    wished = arguments.end_line or total
    if wished < first <= total:
        raise NotFound(
            f"expected end_line at or after start_line={first}, got {wished}; swap the two"
        )
    last = min(wished, total, first + arguments.limit - 1)
    n_chars = 0
    for number in range(first, last + 1):
        n_chars += len(shortened(bare(lines[number - 1]))) + len("   123\t\n")
        if n_chars > _MAX_CHARS and number > first:
            return first, number - 1
    return first, last


def _text(document: Document, data: ReadFileOutput, chosen: list[str]) -> str:
    where = f"{data.path}{_LAYER_NAMES[document.layer]}"
    if not chosen:
        return f"{where} is empty"
    body = numbered([bare(line) for line in chosen], first_number=data.start_line)
    if data.is_complete:
        return f"{where}, {counted(data.total_lines, 'line')}\n{body}"
    head = f"{where}, lines {data.start_line}-{data.end_line} of {data.total_lines}"
    if data.end_line == data.total_lines:
        return f"{head}\n{body}"
    return f"{head}; continue with start_line={data.end_line + 1}\n{body}"


TOOL = Tool(
    name="read_file",
    title="Read a file",
    description=(
        "Read a text file with line numbers, also what the editor has not saved, or an image. "
        "A long file comes in parts; the answer says how to go on. Read a file before you edit it."
    ),
    input_model=ReadFileInput,
    output_model=ReadFileOutput,
    run=read_file,
    profiles=(Profile.READ, Profile.EDIT),
    timeout_s=30.0,
)
