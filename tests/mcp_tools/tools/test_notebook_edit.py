"""Changing cells of notebooks."""

import json
from typing import cast

import pytest

from mcp_tools.tools.notebook_edit import TOOL
from mcp_tools.tools.read_file import TOOL as READ_FILE
from mcp_tools.types.errors import InvalidEdit, NotFound
from mcp_tools.types.json import JsonObject, JsonValue
from tests.support.desk import Desk

pytestmark = pytest.mark.asyncio

NOTEBOOK = """{
 "metadata": {"kernelspec":   {"name": "python3"}},
 "cells": [
  {
   "cell_type": "markdown",
   "id": "intro",
   "metadata": {},
   "source": [
    "# Größe\\n",
    "text"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 3,
   "id": "work",
   "metadata": {"tags": ["a"]},
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": ["1\\n"]
    }
   ],
   "source": [
    "x = 1\\n",
    "print(x)"
   ]
  }
 ],
 "nbformat": 4,
 "nbformat_minor": 5
}
"""


async def edited(desk: Desk, text: str, **arguments: JsonValue) -> str:
    desk.write("a.ipynb", text)
    await desk.call(READ_FILE, path="a.ipynb")
    after = desk.text_after(await desk.call(TOOL, path="a.ipynb", **arguments), "a.ipynb")
    assert after is not None
    return after


def cells_of(text: str) -> list[JsonObject]:
    return cast(list[JsonObject], json.loads(text)["cells"])


async def test_new_source_replaces_the_old_and_its_outputs_alone(desk: Desk) -> None:
    after = await edited(desk, NOTEBOOK, cell="work", source="x = 2\nprint(x)\n")
    expected = NOTEBOOK.replace('"execution_count": 3', '"execution_count": null')
    start, end = (
        expected.index('"outputs": [') + 11,
        expected.index(',\n   "source": [\n    "x = 1'),
    )
    expected = expected[:start] + "[]" + expected[end:]
    expected = expected.replace('"x = 1\\n"', '"x = 2\\n"').replace('"print(x)"', '"print(x)\\n"')
    assert after == expected


async def test_a_cell_is_named_by_index_too(desk: Desk) -> None:
    after = await edited(desk, NOTEBOOK, cell_index=0, new_source="# Über\ntext")
    assert after == NOTEBOOK.replace("Größe", "Über")


async def test_a_new_cell_is_written_as_the_others_are(desk: Desk) -> None:
    after = await edited(desk, NOTEBOOK, cell="intro", source="y = 1\n", edit_mode="insert")
    new = cells_of(after)[1]
    made = [f'   "{key}": {value},' for key, value in (("cell_type", '"code"'), ("id", "0"))]
    assert made[0] in after
    assert list(new) == ["cell_type", "execution_count", "id", "metadata", "outputs", "source"]
    assert new["source"] == ["y = 1\n"]
    start = NOTEBOOK.index('  {\n   "cell_type": "code"')
    assert after.startswith(NOTEBOOK[: start - 2])
    assert after.endswith(NOTEBOOK[start:])
    again = await edited(desk, NOTEBOOK, cell="intro", source="y = 1\n", edit_mode="insert")
    assert again == after


async def test_a_cell_comes_first_or_into_an_empty_notebook(desk: Desk) -> None:
    after = await edited(desk, NOTEBOOK, source="hi", edit="insert", cell_type="markdown")
    assert [cell["cell_type"] for cell in cells_of(after)] == ["markdown", "markdown", "code"]
    empty = '{\n "cells": [],\n "metadata": {},\n "nbformat": 4,\n "nbformat_minor": 4\n}'
    after = await edited(desk, empty, source="", edit="insert")
    assert after == (
        '{\n "cells": [\n  {\n   "cell_type": "code",\n   "execution_count": null,\n'
        '   "metadata": {},\n   "outputs": [],\n   "source": []\n  }\n ],\n "metadata": {},\n'
        ' "nbformat": 4,\n "nbformat_minor": 4\n}'
    )


@pytest.mark.parametrize(("cell", "left"), [("intro", "work"), ("work", "intro")])
async def test_a_deleted_cell_goes_with_its_comma(desk: Desk, cell: str, left: str) -> None:
    after = await edited(desk, NOTEBOOK, cell=cell, edit="delete")
    assert [found["id"] for found in cells_of(after)] == [left]
    assert len(after.splitlines()) < len(NOTEBOOK.splitlines())
    last = await edited(desk, after, cell=left, edit="delete")
    assert cells_of(last) == []


async def test_another_type_makes_a_fitting_cell_of_the_same_id(desk: Desk) -> None:
    after = await edited(desk, NOTEBOOK, cell="work", source="now text", cell_type="markdown")
    assert cells_of(after)[1] == {
        "cell_type": "markdown",
        "id": "work",
        "metadata": {"tags": ["a"]},
        "source": ["now text"],
    }


async def test_one_line_escapes_and_plain_strings_stay_so(desk: Desk) -> None:
    text = (
        '{"cells": [{"cell_type": "raw", "metadata": {}, "source": "caf\\u00e9"}], '
        '"metadata": {}, "nbformat": 4, "nbformat_minor": 2}'
    )
    after = await edited(desk, text, cell="0", source="thé\n")
    assert after == text.replace("caf\\u00e9", "th\\u00e9\\n")
    after = await edited(desk, text, cell="0", edit="insert", source="x")
    assert "\n" not in after
    assert [cell["source"] for cell in cells_of(after)] == ["caf\u00e9", "x"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not valid JSON"),
        ("[" * 100_000, "nested too deep|not valid JSON"),
        ('{"cells": 1, "nbformat": 4, "nbformat_minor": 5}', "a notebook with a list of cells"),
        ('{"cells": [], "nbformat": 3, "nbformat_minor": 0}', "nbformat 4, got 3"),
        ('{"cells": [{}], "nbformat": 4, "nbformat_minor": 5}', "cell 0 .* has no cell_type"),
        (
            '{"cells": [{"cell_type": "code"}], "nbformat": 4, "nbformat_minor": 5}',
            "cell 0 .* has no source",
        ),
        ('{"cells": [], "cells": [], "nbformat": 4, "nbformat_minor": 5}', "'cells' twice"),
        (NOTEBOOK + "x", "something stands behind its end"),
    ],
)
async def test_what_is_no_notebook_is_refused(desk: Desk, text: str, message: str) -> None:
    with pytest.raises(InvalidEdit, match=message):
        await edited(desk, text, cell="0", source="x")


async def test_unread_files_and_unknown_cells_are_refused(desk: Desk) -> None:
    desk.write("b.ipynb", NOTEBOOK)
    with pytest.raises(InvalidEdit, match="not read yet"):
        await desk.call(TOOL, path="b.ipynb", cell="0", source="x")
    with pytest.raises(NotFound, match=r"no cell .2.; the notebook has 2 cells.* intro, work"):
        await edited(desk, NOTEBOOK, cell="2", source="x")
    with pytest.raises(InvalidEdit, match="expected the cell to replace"):
        await edited(desk, NOTEBOOK, source="x")
    desk.write("a.txt", "x")
    with pytest.raises(InvalidEdit, match=r"no \.ipynb notebook; use edit_file"):
        await desk.call(TOOL, path="a.txt", cell="0", source="x")
