"""Where a thing is named."""

from pathlib import Path

import pytest

from mcp_tools.code.navigation.references import references as find_references
from mcp_tools.code.navigation.references import target_at
from tests.support.asking import references, write
from tests.support.codebases import codebase_of
from tests.support.editor import open_editor

SHAPES = "def area(w):\n    return w\n"
USE = "from shapes import area\n\nprint(area(1))\n"


@pytest.mark.asyncio
async def test_all_files_are_searched_and_the_declaration_can_be_left_out(tmp_path: Path) -> None:
    write(tmp_path, shapes=SHAPES, use=USE)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "shapes.py")
        uses = ["use.py:1:area", "use.py:3:area"]
        assert await references(editor, uri, "def ar|ea") == ["shapes.py:1:area", *uses]
        without = await references(editor, uri, "def ar|ea", with_declaration=False)
        assert without == uses


@pytest.mark.asyncio
async def test_the_answer_is_that_of_the_query(tmp_path: Path) -> None:
    files = {"shapes.py": SHAPES, "use.py": USE, "more.py": "import shapes\nshapes.area(2)\n"}
    codebase = codebase_of(files, tmp_path)
    target = target_at(codebase, "shapes.py", SHAPES.index("area"))
    assert target is not None
    sites = find_references(codebase, target).sites
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "shapes.py")
        found = await references(editor, uri, "def |area")
    assert found == [f"{site.file}:{site.place.line + 1}:area" for site in sites]
    assert len(sites) == 4


@pytest.mark.asyncio
async def test_ranges_in_files_that_nobody_opened_count_the_units_of_the_client(
    tmp_path: Path,
) -> None:
    write(tmp_path, shapes=SHAPES, use='from shapes import area\nprint("𝄞é", area(1))\n')
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "shapes.py")
        found = await references(editor, uri, "def ar|ea", with_declaration=False)
        assert found == ["use.py:1:area", "use.py:2:area"]


@pytest.mark.asyncio
async def test_unsaved_text_counts_and_the_disk_counts_again_when_it_is_closed(
    tmp_path: Path,
) -> None:
    write(tmp_path, shapes=SHAPES, use=USE)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "shapes.py")
        use = editor.open(tmp_path / "use.py", USE + "area(2)\n")
        assert len(await references(editor, uri, "def ar|ea") or ()) == 4
        editor.close(use)
        assert len(await references(editor, uri, "def ar|ea") or ()) == 3


@pytest.mark.asyncio
async def test_a_file_of_a_folder_with_a_strange_name_has_its_uri(tmp_path: Path) -> None:
    root = tmp_path / "a b#ü%41"
    write(root, shapes=SHAPES, use=USE)
    async with open_editor(root) as editor:
        uri = editor.open(root / "shapes.py")
        found = await references(editor, uri, "def ar|ea", with_declaration=False)
        assert found == ["use.py:1:area", "use.py:3:area"]
