"""Formatting files."""

from dataclasses import replace
from pathlib import Path

import pytest

from mcp_tools.tools.format_code import TOOL
from mcp_tools.tools.read_file import TOOL as READ_FILE
from mcp_tools.types.errors import Denied, InvalidEdit, ProgramFailed
from tests.support.desk import Desk

pytestmark = pytest.mark.asyncio


async def test_python_is_formatted_by_the_projects_settings(desk: Desk) -> None:
    desk.write("ruff.toml", "[format]\nquote-style = 'single'\n")
    path = desk.write("a.py", 'x = 1\ny  =  "ä"\nz = 3\n')
    answer = await desk.call(TOOL, path="a.py")
    assert desk.text_after(answer, "a.py") == "x = 1\ny = 'ä'\nz = 3\n"
    assert "-y  =  \"ä\"\n+y = 'ä'" in answer.text
    assert desk.reads.last_seen(path) is None
    assert path.read_text(encoding="utf-8").startswith("x = 1\ny  =")


async def test_unsaved_text_is_formatted_and_stays_known(desk: Desk) -> None:
    path = desk.write("a.py", "saved = 1\n")
    desk.type_in_editor("a.py", "typed   = 1\r\n")
    await desk.call(READ_FILE, path="a.py")
    answer = await desk.call(TOOL, path="a.py")
    assert desk.text_after(answer, "a.py") == "typed = 1\r\n"
    assert desk.reads.last_seen(path) == "typed = 1\r\n"


async def test_formatted_text_changes_nothing(desk: Desk) -> None:
    desk.write("a.py", "x = 1\n")
    answer = await desk.call(TOOL, path="a.py")
    assert answer.changes is None
    assert "nothing changes" in answer.text


async def test_broken_code_and_broken_settings_are_told_apart(desk: Desk) -> None:
    desk.write("a.py", "x = (\n")
    with pytest.raises(InvalidEdit, match=r"'a\.py' has a syntax error at 2:1: .*; repair it"):
        await desk.call(TOOL, path="a.py")
    desk.write("ruff.toml", "nonsense = 1\n")
    with pytest.raises(ProgramFailed, match=r"correct the project's settings of ruff: .*nonsense"):
        await desk.call(TOOL, path="a.py")


async def test_other_files_have_no_formatter(desk: Desk) -> None:
    desk.write("a.md", "x\n")
    with pytest.raises(InvalidEdit, match=r"no formatter for \.md files; format 'a\.md' with"):
        await desk.call(TOOL, path="a.md")


def program(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


async def test_a_program_of_the_user_formats_but_none_of_the_repository(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("a.go", "x\n")
    program(desk.root / "bin", "gofmt", "echo stolen")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "gofmt").symlink_to(desk.root / "bin" / "gofmt")
    monkeypatch.setenv("PATH", f"{desk.root}/bin:{tmp_path}/linked:/usr/bin:/bin")
    with pytest.raises(ProgramFailed, match="'gofmt' is not installed outside of the workspace"):
        await desk.call(TOOL, path="a.go")


async def test_a_formatter_runs_in_an_empty_folder_and_is_named_its_settings(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("rustfmt.toml", "")
    desk.write("src/a.rs", "old\n")
    program(tmp_path / "bin", "rustfmt", 'cat; ls; echo "$@"')
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    answer = await desk.call(TOOL, path="src/a.rs")
    settings = f"--config-path={desk.root}/rustfmt.toml"
    expected = f"old\n--quiet --emit=stdout --edition=2021 {settings}\n"
    assert desk.text_after(answer, "src/a.rs") == expected


async def test_what_a_formatter_says_is_told(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("a.sh", "x\n")
    program(tmp_path / "bin", "shfmt", "echo 1:1 bad >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    with pytest.raises(InvalidEdit, match=r"shfmt cannot format 'a\.sh'; .* says: 1:1 bad"):
        await desk.call(TOOL, path="a.sh")


async def test_only_our_own_formatter_works_in_an_untrusted_folder(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    untrusted = replace(desk, is_trusted=False)
    desk.write("a.py", "x  = 1\n")
    assert (await untrusted.call(TOOL, path="a.py")).changes is not None
    desk.write("a.sh", "x\n")
    program(tmp_path / "bin", "shfmt", "cat")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    with pytest.raises(Denied, match=r"shfmt formats only in a folder that .*`lsp-agent trust gra"):
        await untrusted.call(TOOL, path="a.sh")


@pytest.mark.parametrize("text", ['extend = "../secret.toml"\n', None])
async def test_lines_of_settings_that_lie_outside_are_not_told(
    desk: Desk, tmp_path: Path, text: str | None
) -> None:
    (desk.root.parent / "secret.toml").write_text("sesame is the key\n", encoding="utf-8")
    desk.write("a.py", "x = 1\n")
    if text is None:
        (desk.root / "ruff.toml").symlink_to(desk.root.parent / "secret.toml")
    else:
        desk.write("ruff.toml", text)
    with pytest.raises(ProgramFailed, match="TOML parse error at line 1") as caught:
        await desk.call(TOOL, path="a.py")
    assert "sesame" not in str(caught.value)
