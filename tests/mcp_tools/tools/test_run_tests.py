"""The tool run_tests, over real projects and by their real runners."""

import asyncio
import getpass
import shutil
import sys
from collections.abc import AsyncGenerator
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import ValidationError

from mcp_tools.code.testing.answering import RunTestsOutput
from mcp_tools.tools.run_tests import TOOL
from mcp_tools.types.attending import Progress
from mcp_tools.types.errors import NotFound, ProgramFailed
from mcp_tools.types.json import JsonObject
from tests.lsp_agent.sandbox.views import Signal
from tests.support.commands import CommandDesk, command_desk
from tests.support.desk import data_of

pytestmark = pytest.mark.asyncio

# Whatever is installed beside pytest: to load it takes longer than the tests.
_WITHOUT_PLUGINS = " ".join(f"-p no:{plugin.name}" for plugin in entry_points(group="pytest11"))
_RUSTUP_HOME = Path(f"~{getpass.getuser()}").expanduser() / ".rustup"
_TESTS = """\
from shop import tax

def test_good():
    assert tax(10) == 2

def test_bad():
    assert tax(0) == 2

class TestMore:
    def test_raises(self):
        tax(None)
"""
_UNITTESTS = """\
import unittest

class Sums(unittest.TestCase):
    def test_good(self):
        self.assertEqual(1 + 1, 2)

    def test_bad(self):
        self.assertEqual(1 + 1, 3)
"""


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[CommandDesk]:
    async with command_desk(tmp_path) as desk:
        yield desk


def use_our_python(desk: CommandDesk) -> None:
    """Give the project an environment, whose interpreter is the one that runs us."""
    script = f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'
    desk.desk.write(".venv/bin/python", script).chmod(0o755)


@pytest.fixture
def shop(desk: CommandDesk) -> CommandDesk:
    """A project whose tests are for pytest."""
    use_our_python(desk)
    desk.desk.write("pytest.ini", f"[pytest]\npythonpath = .\naddopts = {_WITHOUT_PLUGINS}\n")
    desk.desk.write("shop.py", "def tax(amount):\n    return amount * 0.2\n")
    desk.desk.write("tests/test_shop.py", _TESTS)
    return desk


def counts(data: RunTestsOutput) -> tuple[int, int, int]:
    return data.n_passed, data.n_failed, data.n_errors


async def test_pytests_failures_come_with_place_message_and_trace(shop: CommandDesk) -> None:
    answer = await shop.call(TOOL)
    data = data_of(answer, RunTestsOutput)
    assert (data.runner, data.exit_code, counts(data)) == ("pytest", 1, (1, 2, 0))
    bad, raising = data.failures
    assert (bad.name, bad.file, bad.line) == (
        *("tests/test_shop.py::test_bad", "tests/test_shop.py", 7),
    )
    assert bad.message.startswith("assert 0.0 == 2")
    assert (raising.name, raising.file, raising.line) == (
        *("tests/test_shop.py::TestMore::test_raises", "shop.py", 2),
    )
    assert "TypeError" in raising.message
    lines = answer.text.splitlines()
    assert lines[0] == "2 failed, 1 passed (pytest)"
    assert lines[1].startswith("FAILED tests/test_shop.py::test_bad at tests/test_shop.py:7: ")
    assert lines[-1] == "[files that the tests wrote are not kept]"


async def test_nothing_that_the_tests_wrote_is_kept(shop: CommandDesk) -> None:
    shop.desk.write("tests/test_shop.py", "def test_a():\n    open('made', 'w').close()\n")
    answer = await shop.call(TOOL)
    assert answer.changes is None
    assert answer.text.startswith("1 passed (pytest)")
    names = {path.name for path in shop.root.iterdir()}
    assert names == {".venv", "pytest.ini", "shop.py", "tests"}
    assert [path.name for path in (shop.root / "tests").iterdir()] == ["test_shop.py"]


async def test_tests_see_what_is_not_saved(shop: CommandDesk) -> None:
    shop.desk.type_in_editor("shop.py", "def tax(amount):\n    return 2\n")
    answer = await shop.call(TOOL, targets=["tests/test_shop.py::test_bad"])
    assert counts(data_of(answer, RunTestsOutput)) == (1, 0, 0)


async def test_a_keyword_and_a_target_choose(shop: CommandDesk) -> None:
    answer = await shop.call(TOOL, path="tests", k="good or raises")
    assert counts(data_of(answer, RunTestsOutput)) == (1, 1, 0)
    assert [report.message for report in _reports(shop)]


async def test_a_file_that_cannot_be_imported_is_an_error(shop: CommandDesk) -> None:
    shop.desk.write("tests/test_broken.py", "import nothing_4711\n")
    answer = await shop.call(TOOL)
    data = data_of(answer, RunTestsOutput)
    assert counts(data) == (0, 0, 1)
    assert data.failures[0].name == "tests/test_broken.py"
    assert data.failures[0].message == "ModuleNotFoundError: No module named 'nothing_4711'"
    assert "pytest stopped before all tests had run" in answer.text
    assert data.output == ""


async def test_where_the_report_is_missing_the_output_is_given(shop: CommandDesk) -> None:
    shop.desk.write("conftest.py", "raise SystemExit('no way')\n")
    answer = await shop.call(TOOL)
    data = data_of(answer, RunTestsOutput)
    assert answer.text.startswith("no result (pytest)\n")
    assert "no usable report" in data.problem
    assert "no way" in data.output
    assert "no way" in answer.text


async def test_unittest_is_run_where_nothing_speaks_of_pytest(desk: CommandDesk) -> None:
    use_our_python(desk)
    desk.desk.write("tests/test_sums.py", _UNITTESTS)
    answer = await desk.call(TOOL)
    data = data_of(answer, RunTestsOutput)
    assert (data.runner, counts(data)) == ("unittest", (1, 1, 0))
    (failure,) = data.failures
    assert (failure.name, failure.file, failure.line) == (
        *("test_sums.Sums.test_bad", "tests/test_sums.py", 8),
    )
    assert failure.message == "AssertionError: 2 != 3"
    one = await desk.call(TOOL, targets=["tests/test_sums.py::Sums::test_good"])
    assert one.text.startswith("1 passed (unittest)")


async def test_the_project_around_a_target_is_found(desk: CommandDesk) -> None:
    use_our_python(desk)
    desk.desk.write("back/setup.py", "")
    desk.desk.write("back/test_sums.py", _UNITTESTS)
    with pytest.raises(NotFound, match="projects in back: pass one as cwd"):
        await desk.call(TOOL)
    by_target = await desk.call(TOOL, targets=["back/test_sums.py"])
    by_folder = await desk.call(TOOL, cwd="back")
    for answer in (by_target, by_folder):
        data = data_of(answer, RunTestsOutput)
        assert (data.failures[0].file, data.failures[0].line) == ("back/test_sums.py", 7 + 1)


@pytest.mark.skipif(shutil.which("cargo") is None, reason="there is no cargo here")
async def test_cargo_is_run(desk: CommandDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    # The tests have a home of their own, where rustup finds no tool chain.
    monkeypatch.setenv("RUSTUP_HOME", str(_RUSTUP_HOME))
    manifest = '[package]\nname = "r"\nversion = "0.1.0"\nedition = "2021"\n'
    desk.desk.write("r/Cargo.toml", f"{manifest}[lib]\ndoctest = false\n")
    lines = ["#[test]", "fn good() {}", "#[test]", "fn bad() {", "    assert_eq!(1, 2);", "}"]
    desk.desk.write("r/src/lib.rs", "\n".join(lines))
    data = data_of(await desk.call(TOOL, cwd="r"), RunTestsOutput)
    assert (data.runner, counts(data)) == ("cargo", (1, 1, 0))
    assert (data.failures[0].file, data.failures[0].line) == ("r/src/lib.rs", 5)


@pytest.mark.skipif(shutil.which("npm") is None, reason="there is no npm here")
async def test_the_script_of_a_package_is_run(desk: CommandDesk) -> None:
    desk.desk.write("package.json", '{"scripts": {"test": "node --test-reporter=tap --test"}}')
    lines = [
        'const test = require("node:test");',
        'test("good", () => {});',
        'test("bad", () => { throw new Error("oh no"); });',
    ]
    desk.desk.write("a.test.js", "\n".join(lines))
    data = data_of(await desk.call(TOOL), RunTestsOutput)
    assert (data.runner, counts(data)) == ("npm", (1, 1, 0))
    (failure,) = data.failures
    assert (failure.file, failure.line, failure.message) == ("a.test.js", 3, "oh no")


async def test_out_of_time_it_says_what_to_do(desk: CommandDesk) -> None:
    desk.desk.write(".venv/bin/python", "#!/bin/sh\necho up\nsleep 60\n").chmod(0o755)
    desk.desk.write("test_a.py", "import unittest\n")
    with pytest.raises(ProgramFailed, match=r"did not finish within 2 s .*run fewer") as caught:
        await desk.call(TOOL, timeout_s=2)
    assert str(caught.value).endswith("they printed last:\nup")


async def test_a_cancelled_run_leaves_no_process(desk: CommandDesk, tmp_path: Path) -> None:
    up, alive = Signal(tmp_path / "up"), Signal(tmp_path / "alive")
    waiting = asyncio.ensure_future(alive.read())
    line = f"exec 9> {alive.path}; setsid sleep 60 & echo up > {up.path}; sleep 60"
    desk.desk.write(".venv/bin/python", f"#!/bin/sh\n{line}\n").chmod(0o755)
    desk.desk.write("test_a.py", "import unittest\n")
    running = asyncio.create_task(desk.call(TOOL))
    await up.read()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await waiting == ""


@pytest.mark.parametrize(
    "arguments", [{"keyword": "-x"}, {"targets": ["a"] * 201}, {"timeout_s": 0}, {"unknown": 1}]
)
async def test_arguments_are_bounded(arguments: JsonObject) -> None:
    with pytest.raises(ValidationError):
        TOOL.input_model.model_validate(arguments)


def _reports(desk: CommandDesk) -> list[Progress]:
    return [desk.reports.get_nowait() for _ in range(desk.reports.qsize())]
