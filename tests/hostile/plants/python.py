"""Python: files that an interpreter, a test runner or a checker runs just by looking."""

import py_compile
import sysconfig

from tests.hostile.plant import Ground, Plant, plant

CODE = "@PYTHON@\n"
SHELL = "#!/bin/sh\n@TOUCH@\n"
_VERSION = sysconfig.get_python_version()


def _sourceless(ground: Ground) -> None:
    """Leave a module with its byte code alone."""
    ground.write("evil.py", CODE)
    source = ground.root / "evil.py"
    py_compile.compile(str(source), cfile=str(ground.root / "evil.pyc"), doraise=True)
    source.unlink()


def _at_start(name: str, files: dict[str, str], control: str = "") -> Plant:
    return Plant(
        name=name,
        source="8: modules in front of ours or the library's",
        files=files,
        control=control,
        is_at_start=True,
    )


PLANTS = (
    plant("py-conftest", "6: conftest.py", {"conftest.py": CODE}, "python -m pytest -q"),
    plant(
        "py-pytest-plugin",
        "6: pyproject tool plug-ins",
        {"pytest.ini": "[pytest]\naddopts = -p evil\n", "evil.py": CODE},
        "python -m pytest -q",
    ),
    plant(
        "py-pytest-in-pyproject",
        "6: pyproject tool plug-ins",
        {
            "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-p evil"\n',
            "evil.py": CODE,
        },
        "python -m pytest -q",
    ),
    plant("py-test-module", "test discovery", {"test_a.py": CODE}, "python -m pytest -q"),
    plant(
        "py-doctest-module", "test discovery", {"tests/__init__.py": CODE, "tests/test_a.py": ""}
    ),
    plant("py-setup", "6: setup.py", {"setup.py": CODE}, "python setup.py"),
    plant("py-noxfile", "6: noxfile.py", {"noxfile.py": CODE}, "python noxfile.py"),
    plant("py-tox", "6: tox.ini", {"tox.ini": "[testenv]\ncommands = @TOUCH@\n"}),
    plant(
        "py-build-backend",
        "6: pyproject",
        {
            "pyproject.toml": '[build-system]\nbuild-backend = "evil"\nbackend-path = ["."]\n',
            "evil.py": CODE,
        },
    ),
    plant(
        "py-mypy-plugin",
        "6: mypy.ini",
        {"mypy.ini": "[mypy]\nplugins = evil.py\n", "evil.py": CODE},
    ),
    plant("py-pylint-hook", "6: .pylintrc", {".pylintrc": "[MAIN]\ninit-hook='@PYTHON@'\n"}),
    plant(
        "py-package",
        "imports",
        {"pkg/__init__.py": CODE, "a.py": "import pkg\npkg.x\n"},
        "python a.py",
    ),
    plant("py-main", "imports", {"__main__.py": CODE, "__init__.py": CODE}, "python ."),
    plant(
        "py-byte-code", "imports", {"a.py": "import evil\n\nevil.x\n"}, "python a.py", _sourceless
    ),
    plant(
        "py-gi",
        "jedi imports gi",
        {"gi/__init__.py": CODE, "a.py": "import gi\n\ngi.x\n"},
        "python a.py",
    ),
    plant(
        "py-compiled-name",
        "compiled modules",
        {"_evil.abi3.so": "no library", "a.py": "import _evil\n\n_evil.x\n"},
    ),
    plant(
        "py-jedi-project",
        "row 14: interpreter named by the workspace",
        {
            ".jedi/project.json": '[1, {"environment_path": "@ROOT@/.venv", '
            '"load_unsafe_extensions": true, "smart_sys_path": true}]',
            ".venv/bin/python": SHELL,
        },
        ".venv/bin/python",
    ),
    plant(
        "py-interpreter",
        "row 14: interpreter named by the workspace",
        {
            ".venv/pyvenv.cfg": "home = /usr/bin\n",
            **{f".venv/bin/{name}": SHELL for name in ("python", "python3", "ruff", "pytest")},
            ".venv/bin/activate": SHELL,
        },
        ".venv/bin/python",
    ),
    plant(
        "py-pth",
        "6: *.pth",
        {
            ".venv/pyvenv.cfg": "home = /usr/bin\n",
            f".venv/lib/python{_VERSION}/site-packages/evil.pth": "import sys; @PYTHON@\n",
            f".venv/lib/python{_VERSION}/site-packages/evil-stubs/__init__.pyi": "x: int\n",
        },
        f"python -c \"import site; site.addsitedir('.venv/lib/python{_VERSION}/site-packages')\"",
    ),
    plant(
        "py-buildout",
        "jedi reads scripts",
        {"buildout.cfg": "", "bin/run": "#!/usr/bin/python\n@PYTHON@\n"},
    ),
    _at_start("py-sitecustomize", {"sitecustomize.py": CODE, "usercustomize.py": CODE}),
    _at_start(
        "py-shadowed-library",
        {f"{n}.py": CODE for n in ("ast", "json", "typing", "enum")},
        "python -c 'import json'",
    ),
    _at_start(
        "py-shadowed-packages",
        {
            f"{n}.py": CODE
            for n in ("msgspec", "pydantic", "jedi", "lsprotocol", "filelock", "rich")
        },
        "python -c 'import msgspec'",
    ),
    _at_start(
        "py-shadowed-product",
        {
            "lsp_agent/__init__.py": CODE,
            "mcp_tools/__init__.py": CODE,
            "lsp_agent/__main__.py": CODE,
        },
        "python -c 'import lsp_agent'",
    ),
)
