"""Tests by pytest; its own report tells what came of them."""

from dataclasses import replace

from mcp_tools.code.testing.junit import read_junit
from mcp_tools.code.testing.outcome import Outcome, Plan, SuiteRunner, Wish
from mcp_tools.code.testing.project import ProjectFolder
from mcp_tools.types.commands import CommandResult

_REPORT = ".lsp-agent-tests.xml"

_SECTIONS = (
    ("pyproject.toml", "[tool.pytest"),
    ("setup.cfg", "[tool:pytest]"),
    ("tox.ini", "[pytest]"),
)
_OWN_FILES = ("pytest.ini", ".pytest.ini", "conftest.py", "tests/conftest.py", "test/conftest.py")
_REQUIREMENTS = (
    *("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "requirements-dev.txt"),
    *("requirements_dev.txt", "dev-requirements.txt", "requirements-test.txt", "tox.ini"),
)
_INTERRUPTED, _NO_TESTS = 2, 5
"""Exit codes. Source: pytest, ExitCode."""


def _find(project: ProjectFolder) -> str:
    for name in _OWN_FILES:
        if project.has(name):
            return name
    for name, section in _SECTIONS:
        if section in project.text(name):
            return f"{section.strip('[]')} in {name}"
    for name in _REQUIREMENTS:
        if "pytest" in project.text(name):
            return f"pytest in {name}"
    for name in project.test_files():
        text = project.text(name)
        if "pytest" in text or "unittest" not in text:
            return name
    return ""


def _plan(project: ProjectFolder, wish: Wish) -> Plan:
    python = project.python()
    options = (
        "-q",
        "--tb=short",
        "--color=no",
        f"--junitxml={_REPORT}",
        "-o",
        "junit_family=xunit1",
    )
    keyword = ("-k", wish.keyword) if wish.keyword else ()

    def read(result: CommandResult, report: bytes | None) -> Outcome:
        return _read(result, report, python)

    return Plan(
        argv=(python, "-m", "pytest", *options, *keyword, *wish.targets),
        read=read,
        report=project.folder / _REPORT,
    )


def _read(result: CommandResult, report: bytes | None, python: str) -> Outcome:
    run = None if report is None else read_junit(report)
    if run is not None and result.exit_code == _INTERRUPTED:
        return replace(run, problem="pytest stopped before all tests had run")
    if run is not None and (run.failures or result.exit_code in (0, 1)):
        return run
    if f"{python}: No module named pytest" in result.output:
        return Outcome(problem=f"pytest is not installed for {python}; install it there")
    if result.exit_code == _NO_TESTS:
        return Outcome(problem="no test was found that fits")
    return Outcome(problem=f"pytest ended with exit code {result.exit_code} and no usable report")


RUNNER = SuiteRunner(name="pytest", rank=10, find=_find, plan=_plan)
