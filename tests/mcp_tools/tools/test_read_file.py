"""Reading files as a model does."""

import os

import pytest
from pydantic import ValidationError

from mcp_tools.tools.read_file import TOOL, ReadFileOutput
from mcp_tools.types.calls import Attachment
from mcp_tools.types.documents import Layer
from mcp_tools.types.errors import NotFound, NotText, OutsideWorkspace, TooLarge
from tests.support.desk import Desk, data_of

pytestmark = pytest.mark.asyncio


async def test_lines_come_with_their_numbers(desk: Desk) -> None:
    desk.write("a.py", "x = 1\ny = 2\n")
    answer = await desk.call(TOOL, path="a.py")
    assert answer.text == "a.py, 2 lines\n     1\tx = 1\n     2\ty = 2"
    data = data_of(answer, ReadFileOutput)
    assert (data.text, data.start_line, data.end_line, data.total_lines) == (
        "x = 1\ny = 2\n",
        1,
        2,
        2,
    )
    assert (data.layer, data.is_complete, data.digest) == (
        Layer.DISK,
        True,
        desk.document("a.py").digest,
    )


async def test_a_part_says_how_to_go_on(desk: Desk) -> None:
    desk.write("a.txt", "".join(f"{n}\n" for n in range(1, 1201)))
    answer = await desk.call(TOOL, path="a.txt", start_line=2, limit=400)
    assert answer.text.startswith(
        "a.txt, lines 2-401 of 1200; continue with start_line=402\n     2\t2\n"
    )
    rest = await desk.call(TOOL, path="a.txt", start_line=402, end_line=5000)
    assert rest.text.startswith("a.txt, lines 402-1200 of 1200\n")
    assert not data_of(rest, ReadFileOutput).is_complete


async def test_a_long_file_stops_before_the_answer_would_be_cut(desk: Desk) -> None:
    desk.write("a.txt", f"{'x' * 99}\n" * 1000)
    answer = await desk.call(TOOL, path="a.txt")
    assert len(answer.text) < TOOL.max_text_chars
    assert f"continue with start_line={data_of(answer, ReadFileOutput).end_line + 1}" in answer.text


async def test_a_long_line_is_cut_with_a_mark_but_whole_in_the_data(desk: Desk) -> None:
    desk.write("a.txt", "y" * 2500)
    answer = await desk.call(TOOL, path="a.txt")
    assert answer.text.endswith("y [500 more characters in this line]")
    assert data_of(answer, ReadFileOutput).text == "y" * 2500


async def test_lines_end_only_at_line_ends(desk: Desk) -> None:
    text = "a\x0cb\u2028c\x85d\r\ne\rf\n😀"
    desk.write("a.txt", text)
    data = data_of(await desk.call(TOOL, path="a.txt"), ReadFileOutput)
    assert (data.total_lines, data.text) == (4, text)
    part = await desk.call(TOOL, path="a.txt", start_line=2, end_line=3)
    assert data_of(part, ReadFileOutput).text == "e\rf\n"


async def test_a_byte_order_mark_is_not_text(desk: Desk) -> None:
    desk.write("a.txt", b"\xef\xbb\xbfa\n")
    assert data_of(await desk.call(TOOL, path="a.txt"), ReadFileOutput).text == "a\n"


async def test_unsaved_text_is_read_and_named(desk: Desk) -> None:
    desk.write("a.txt", "saved\n")
    desk.type_in_editor("a.txt", "unsaved\n")
    answer = await desk.call(TOOL, path="a.txt")
    assert "(unsaved text of the editor)" in answer.text
    assert data_of(answer, ReadFileOutput).layer is Layer.BUFFER
    assert data_of(answer, ReadFileOutput).text == "unsaved\n"


async def test_a_file_that_was_read_is_known(desk: Desk) -> None:
    path = desk.write("a.txt", "a\nb\n")
    await desk.call(TOOL, path="a.txt", end_line=1)
    assert desk.reads.last_seen(path) == "a\nb\n"


async def test_an_empty_file_is_said_to_be_empty(desk: Desk) -> None:
    desk.write("a.txt", "")
    answer = await desk.call(TOOL, path="a.txt")
    assert answer.text == "a.txt is empty"
    assert data_of(answer, ReadFileOutput).is_complete


@pytest.mark.parametrize("name", ["file_path", "filePath", "relative_path"])
async def test_other_names_of_the_path_are_understood(desk: Desk, name: str) -> None:
    desk.write("a.txt", "a\n")
    assert "a.txt" in (await desk.call(TOOL, **{name: "a.txt"})).text


async def test_unknown_arguments_are_refused(desk: Desk) -> None:
    with pytest.raises(ValidationError, match="encoding"):
        await desk.call(TOOL, path="a.txt", encoding="utf-8")


@pytest.mark.parametrize(
    ("start_line", "end_line", "message"),
    [(4, None, "has 3 lines, got start_line=4; pass 1 to 3"), (3, 1, "swap the two")],
)
async def test_lines_that_are_not_there_are_an_error(
    desk: Desk, start_line: int, end_line: int | None, message: str
) -> None:
    path = desk.write("a.txt", "1\n2\n3\n")
    with pytest.raises(NotFound, match=message):
        await desk.call(TOOL, path="a.txt", start_line=start_line, end_line=end_line)
    assert desk.reads.last_seen(path) is None


async def test_what_is_no_text_is_an_error(desk: Desk) -> None:
    desk.write("binary", b"a\0b")
    desk.write("folder/latin", b"f\xe9\n")
    for name in ("binary", "folder/latin", "folder"):
        with pytest.raises(NotText):
            await desk.call(TOOL, path=name)


async def test_what_lies_outside_is_an_error(desk: Desk) -> None:
    outside = desk.root.parent / "secret.txt"
    outside.write_text("secret", encoding="utf-8")
    os.symlink(outside, desk.root / "link.txt")
    for name in ("link.txt", "../secret.txt", str(outside)):
        with pytest.raises(OutsideWorkspace):
            await desk.call(TOOL, path=name)
    with pytest.raises(NotFound):
        await desk.call(TOOL, path="missing.txt")


async def test_five_million_bytes_are_read_in_parts(desk: Desk) -> None:
    desk.write("a.txt", "0123456789\n" * 480_000)
    answer = await desk.call(TOOL, path="a.txt", start_line=479_999)
    assert data_of(answer, ReadFileOutput).total_lines == 480_000
    assert answer.text.endswith("480000\t0123456789")


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.mark.parametrize(
    ("name", "content", "mime_type"),
    [
        ("a.png", PNG, "image/png"),
        ("wrong.JPG", PNG, "image/png"),
        ("a.jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        ("a.gif", b"GIF89a\x01\x00", "image/gif"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
    ],
)
async def test_an_image_is_attached(desk: Desk, name: str, content: bytes, mime_type: str) -> None:
    path = desk.write(name, content)
    answer = await desk.call(TOOL, path=name)
    assert answer.attachments == (
        Attachment(mime_type=mime_type, content=content, uri=path.as_uri()),
    )
    assert answer.text == f"{name} is an image ({mime_type}, {len(content)} bytes), attached"
    assert data_of(answer, ReadFileOutput).mime_type == mime_type
    assert desk.reads.last_seen(path) is None


async def test_what_only_has_the_name_of_an_image_is_read_as_text(desk: Desk) -> None:
    desk.write("a.png", "hello\n")
    assert "hello" in (await desk.call(TOOL, path="a.png")).text
    desk.write("b.png", b"\x00\x01")
    with pytest.raises(NotText):
        await desk.call(TOOL, path="b.png")


async def test_large_images_and_other_binaries_are_refused(desk: Desk) -> None:
    desk.write("a.png", PNG + bytes(5 * 1024 * 1024))
    with pytest.raises(TooLarge, match="at most 5242880 can be shown; make a smaller copy"):
        await desk.call(TOOL, path="a.png")
    desk.write("a.pdf", b"%PDF-1.7\n\x00\x01")
    with pytest.raises(NotText, match="binary file"):
        await desk.call(TOOL, path="a.pdf")
