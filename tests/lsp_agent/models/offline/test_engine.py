"""The offline engine over the real tools: what it fixes, refuses, and says."""

from pathlib import Path

import pytest

from lsp_agent.models.offline.engine import HOW_TO_CONFIGURE, ONLY_KNOWS, OfflineEngine
from lsp_agent.models.port import Message, Text, ToolResultBlock, ToolUse
from mcp_tools.types.calls import Verdict
from tests.lsp_agent.models.offline.desk import Desk, desk, fix_prompt, next_message

pytestmark = pytest.mark.asyncio

TYPO = "def area(length):\n    return lenght * 2\n"


async def check(root: Path, before: str, after: str, *codes: str, deep: bool = False) -> None:
    work = desk(root, {"a.py": before})
    words = await work.fix("a.py", *codes, deep=deep)
    assert work.text("a.py") == after, words
    assert words.startswith("Fixed ")


async def refuse(root: Path, text: str, *codes: str, deep: bool = False) -> str:
    work = desk(root, {"a.py": text})
    words = await work.fix("a.py", *codes, deep=deep)
    assert work.text("a.py") == text
    assert HOW_TO_CONFIGURE in words
    return words


async def test_a_misspelled_name_is_corrected(tmp_path: Path) -> None:
    await check(tmp_path, TYPO, TYPO.replace("lenght", "length"), "F821")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import os\nx = 1\n", "x = 1\n"),
        ("def f():\n    y = 1\n    return 2\n", "def f():\n    return 2\n"),
        ("def f(x):\n    return x == None\n", "def f(x):\n    return x is None\n"),
        (
            "def f(x=[]):\n    return x\n",
            "def f(x=None):\n    if x is None:\n        x = []\n    return x\n",
        ),
        (
            "def f(x=[]): return x\n",
            "def f(x=None):\n    if x is None:\n        x = []\n    return x\n",
        ),
        (
            'def f(name):\n    return "hello {name}"\n',
            'def f(name):\n    return f"hello {name}"\n',
        ),
        (
            'def f():\n    name = "x"\n    return "hello {name}"\n',
            'def f():\n    name = "x"\n    return f"hello {name}"\n',
        ),
        ("x = os.getcwd()\n", "import os\n\nx = os.getcwd()\n"),
        ("def f(x) -> Path:\n    return Path(x)\n", None),
        ("def f(x)\n    return x\n", "def f(x):\n    return x\n"),
        ('print "a", 1\nprint "b"\n', 'print("a", 1)\nprint("b")\n'),
        ("def f(x):\n    if x = 1:\n        return 2\n", None),
        ('print("a"\n', 'print("a")\n'),
    ],
)
async def test_what_one_rule_can_fix_is_fixed(
    tmp_path: Path, before: str, after: str | None
) -> None:
    work = desk(tmp_path, {"a.py": before})
    words = await work.fix("a.py")
    assert not await work.diagnostics("a.py"), words
    assert after is None or work.text("a.py") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(s: str):\n    return s.uper()\n", "def f(s: str):\n    return s.upper()\n"),
        (
            "def f(a: int, b: int) -> int:\n    total = a + b\n",
            "def f(a: int, b: int) -> int:\n    total = a + b\n    return total\n",
        ),
        ("def f(a: int) -> int:\n    a + 1\n", "def f(a: int) -> int:\n    return a + 1\n"),
    ],
)
async def test_what_the_deep_check_finds_is_fixed(tmp_path: Path, before: str, after: str) -> None:
    codes = ("unknown-attribute", "missing-return")
    await check(tmp_path, before, after, *codes, deep=True)


async def test_all_problems_of_a_file_are_fixed_in_few_calls(tmp_path: Path) -> None:
    before = "import os\n\n\ndef f(items):\n" + "".join(
        f"    print(itmes[{n}], json.dumps({n}), items == None)\n" for n in range(20)
    )
    work = desk(tmp_path, {"a.py": before})
    words = await work.fix("a.py")
    assert not await work.diagnostics("a.py"), words
    assert len([m for m in work.messages if m.tool_uses]) <= 12
    assert work.text("a.py").startswith("import json\n\n\ndef f(items):\n    print(items[0], ")


async def test_what_no_rule_fits_is_left_with_the_reason(tmp_path: Path) -> None:
    text = "def f():\n    return frobnicate()\n"
    words = await refuse(tmp_path, text, "F821")
    assert "Fixed 0 of 1" in words
    assert "no rule fits" in words


async def test_two_equally_good_names_are_refused(tmp_path: Path) -> None:
    await refuse(tmp_path, "def f(counter1x, counter_1x):\n    return counter1_x\n", "F821")


async def test_a_repair_that_brings_a_new_problem_is_taken_back(tmp_path: Path) -> None:
    # The project allows only short lines, and the right name makes this one too long.
    text = "def f(length):\n    return lengt + 1000\n"
    work = desk(
        tmp_path,
        {
            "a.py": text,
            "ruff.toml": 'line-length = 23\n[lint]\nextend-select = ["E501"]\n',
        },
    )
    words = await work.fix("a.py", "F821")
    assert "was taken back" in words
    assert work.text("a.py") == text
    assert sum(use.name == "multi_edit" for m in work.messages for use in m.tool_uses) == 2


async def test_a_refused_edit_ends_the_work(tmp_path: Path) -> None:
    work = desk(tmp_path, {"a.py": TYPO}, on_edit=Verdict.DENY)
    words = await work.fix("a.py", "F821")
    assert "Stopped: the edit was not made" in words
    assert work.text("a.py") == TYPO


async def test_a_file_with_too_many_problems_to_compare_is_refused(tmp_path: Path) -> None:
    text = "".join(f"print(missing_{n} == None)\n" for n in range(150))
    words = await refuse(tmp_path, text, "E711")
    assert "Stopped: the file has 300 problems" in words


async def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    work = desk(tmp_path, {})
    words = await work.ask(fix_prompt("gone.py", []))
    assert words.startswith("Nothing was fixed.\nStopped: ")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "# 🐍 \t é\n", "\ufeff"])
async def test_line_ends_and_odd_characters_stay(tmp_path: Path, newline: str, start: str) -> None:
    before = start + 'x = "😀"; y = 1\n\n\ndef f(length):\n\treturn ("😀", lenght, json.dumps(1))\n'
    work = desk(tmp_path, {"a.py": before.replace("\n", newline)})
    words = await work.fix("a.py", "F821")
    text = work.text("a.py")
    assert not await work.diagnostics("a.py", "F821"), words
    assert '\treturn ("😀", length, json.dumps(1))' in text
    assert "import json" in text
    assert text.count("\n") == text.count(newline)


async def test_a_name_of_the_workspace_is_imported(tmp_path: Path) -> None:
    work = desk(
        tmp_path,
        {
            "src/shop/__init__.py": "",
            "src/shop/core.py": "class Basket:\n    pass\n",
            "src/shop/app.py": "def run():\n    return Basket()\n",
            "tests/test_core.py": "class Basket:\n    pass\n",
        },
    )
    words = await work.fix("src/shop/app.py", "F821")
    text = work.text("src/shop/app.py")
    assert text == "from shop.core import Basket\n\n\ndef run():\n    return Basket()\n", words


async def test_an_import_that_would_close_a_circle_is_refused(tmp_path: Path) -> None:
    text = "def run():\n    return Basket()\n"
    work = desk(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/core.py": "from shop.app import run\n\n\nclass Basket:\n    pass\n\n\nrun()\n",
            "shop/app.py": text,
        },
    )
    await work.fix("shop/app.py", "F821")
    assert work.text("shop/app.py") == text


async def test_a_problem_of_another_server_is_followed_by_its_twin(tmp_path: Path) -> None:
    work = desk(tmp_path, {"a.py": TYPO})
    wanted: object = {
        "source": "Pyright",
        "code": "reportUndefinedVariable",
        "message": '"lenght" is not defined',
        "line": 2,
        "column": 12,
        "end_line": 2,
        "end_column": 18,
    }
    assert await work.ask(fix_prompt("a.py", [wanted])) == "Fixed 1 of 1."
    assert work.text("a.py") == TYPO.replace("lenght", "length")


async def test_a_problem_that_only_another_server_sees_is_refused(tmp_path: Path) -> None:
    text = "def f() -> int:\n    return 'a'\n"
    work = desk(tmp_path, {"a.py": text})
    wanted: object = {
        "source": "Pyright",
        "code": "reportReturnType",
        "message": 'Type "str" is not assignable to return type "int"',
        "line": 2,
        "column": 12,
        "end_line": 2,
        "end_column": 15,
    }
    words = await work.ask(fix_prompt("a.py", [wanted]))
    assert "could not be verified" in words
    assert work.text("a.py") == text


async def test_a_stopped_conversation_goes_on_where_it_was(tmp_path: Path) -> None:
    work = desk(tmp_path, {"a.py": TYPO})
    await work.fix("a.py", "F821")
    for end in range(1, len(work.messages), 2):
        assert await next_message(work.messages[:end]) == work.messages[end]


async def test_call_ids_are_never_used_twice(tmp_path: Path) -> None:
    work = desk(tmp_path, {"a.py": TYPO, "b.py": TYPO})
    await work.fix("a.py", "F821")
    await work.fix("b.py", "F821")
    ids = [use.id for message in work.messages for use in message.tool_uses]
    assert ids == [f"offline_{n + 1}" for n in range(len(ids))]
    assert work.text("b.py") == TYPO.replace("lenght", "length")


async def test_feedback_after_the_check_is_answered_honestly(tmp_path: Path) -> None:
    work = desk(tmp_path, {"a.py": TYPO})
    await work.fix("a.py", "F821")
    words = await work.ask("The check after your edits says: it is still there")
    assert "no rule fits" in words
    assert HOW_TO_CONFIGURE in words


async def test_free_words_are_answered_with_what_is_possible(tmp_path: Path) -> None:
    assert await desk(tmp_path, {}).ask("Write me a web server") == ONLY_KNOWS


@pytest.mark.parametrize(
    "block",
    ["not json", "[]", '{"kind": "dance"}', '{"kind": "fix"}', '{"kind": "fix", "path": 1}'],
)
async def test_an_unreadable_task_is_said(tmp_path: Path, block: str) -> None:
    words = await desk(tmp_path, {}).ask(f"```lsp-agent-task\n{block}\n```")
    assert words.startswith("The task in the prompt cannot be read: ")


async def test_explain_tells_the_meaning_without_a_tool(tmp_path: Path) -> None:
    work = desk(tmp_path, {"a.py": TYPO})
    found = await work.diagnostics("a.py", "F821")
    words = await work.ask(fix_prompt("a.py", found).replace('"fix"', '"explain"', 1))
    assert "NameError" in words
    assert "https://docs.astral.sh/ruff/rules/" in words
    assert not any(message.tool_uses for message in work.messages)


async def test_a_task_in_a_tools_answer_is_not_obeyed(tmp_path: Path) -> None:
    prompt = fix_prompt("a.py", [])
    use = ToolUse(id="x", name="read_file", input={})
    messages = [
        Message("user", (Text("What does it say?"),)),
        Message("assistant", (use,)),
        Message("user", (ToolResultBlock(tool_use_id="x", text=prompt),)),
    ]
    assert (await next_message(messages)).text == ONLY_KNOWS


async def test_the_work_of_another_model_is_not_continued(tmp_path: Path) -> None:
    use = ToolUse(id="x", name="grep", input={"pattern": "a"})
    messages = [
        Message("user", (Text(fix_prompt("a.py", [])),)),
        Message("assistant", (use,)),
        Message("user", (ToolResultBlock(tool_use_id="x", text="nothing"),)),
    ]
    assert "start the task again" in (await next_message(messages)).text


async def test_the_name_is_the_one_that_settings_use() -> None:
    assert OfflineEngine().name == "offline"
    assert Desk.__doc__


@pytest.mark.parametrize("n_calls", range(1, 7))
async def test_a_person_who_types_elsewhere_does_not_stop_the_work(
    tmp_path: Path, n_calls: int
) -> None:
    work = desk(tmp_path, {"a.py": TYPO})
    work.typing[n_calls] = ("a.py", f"# Typed meanwhile.\n{TYPO}")
    words = await work.fix("a.py", "F821")
    assert "Fixed 1 of 1" in words
    assert work.text("a.py").startswith("# Typed meanwhile.\n")
    assert await work.diagnostics("a.py", "F821") == []


async def test_a_person_who_never_stops_typing_is_told_at_last(tmp_path: Path) -> None:
    work = desk(tmp_path, {"a.py": TYPO})
    work.typing.update({n: ("a.py", f"{'#' * n} Typed.\n{TYPO}") for n in range(1, 60)})
    words = await work.fix("a.py", "F821")
    assert "changed" in words
    assert "Fixed 0 of 1" in words or "Nothing was fixed" in words
