"""Names are followed through imports to where they are bound."""

import pytest

from tests.mcp_tools.resolution.meaning import Cases, in_one_file

CASES = {
    "from": ("from b import f\n$0f()\n//- /b.py\ndef f(): ...\n", "b.py:f exact"),
    "the import itself": ("from b import $0f\n//- /b.py\ndef f(): ...\n", "b.py:f exact"),
    "an alias": ("from b import f as g\n$0g()\n//- /b.py\ndef f(): ...\n", "b.py:f exact"),
    "the alias where it is written": (
        "from b import f as $0g\n//- /b.py\ndef f(): ...\n",
        "b.py:f exact",
    ),
    "a module": ("import b\n$0b.f\n//- /b.py\ndef f(): ...\n", "b.py exact"),
    "an attribute of a module": ("import b\nb.$0f()\n//- /b.py\ndef f(): ...\n", "b.py:f exact"),
    "a submodule": (
        "import p.q\np.q.$0f()\n//- /p/__init__.py\n\n//- /p/q.py\ndef f(): ...\n",
        "p/q.py:f exact",
    ),
    "a part of a dotted name": (
        "import $0p.q\n//- /p/__init__.py\n\n//- /p/q.py\n\n",
        "p/__init__.py exact",
    ),
    "the last part of a dotted name": (
        "import p.$0q\n//- /p/__init__.py\n\n//- /p/q.py\n\n",
        "p/q.py exact",
    ),
    "a submodule by from": (
        "from p import q\n$0q\n//- /p/__init__.py\n\n//- /p/q.py\n\n",
        "p/q.py exact",
    ),
    "a relative import": (
        "from p import f\n$0f\n//- /p/__init__.py\nfrom .q import f\n//- /p/q.py\ndef f(): ...\n",
        "p/q.py:f exact",
    ),
    "a chain with changing names": (
        "from b import g\n$0g\n//- /b.py\nfrom c import f as g\n//- /c.py\ndef f(): ...\n",
        "c.py:f exact",
    ),
    "a star import": ("from b import *\n$0f\n//- /b.py\ndef f(): ...\n", "b.py:f exact"),
    "a star import does not bring private names": (
        "from b import *\n$0_f\n//- /b.py\ndef _f(): ...\n",
        "",
    ),
    "__all__ brings private names": (
        "from b import *\n$0_f\n//- /b.py\n__all__ = ['_f']\ndef _f(): ...\n",
        "b.py:_f exact",
    ),
    "__all__ holds other names back": (
        "from b import *\n$0f\n//- /b.py\n__all__ = ['g']\ndef f(): ...\n",
        "",
    ),
    "a string in __all__": ("__all__ = ['$0f']\ndef f(): ...\n", "a.py:f exact"),
    "a star of a star": (
        "from b import *\n$0f\n//- /b.py\nfrom c import *\n//- /c.py\ndef f(): ...\n",
        "c.py:f exact",
    ),
    "a circle of imports ends": (
        "from b import f\n$0f\n//- /b.py\nfrom a import f\n",
        "b.py:f exact",
    ),
    "a circle of stars": (
        "from b import *\n$0f\n//- /b.py\nfrom a import *\nfrom c import *\n"
        "//- /c.py\ndef f(): ...\n",
        "c.py:f exact",
    ),
    "either of two": (
        "try:\n    from b import f\nexcept ImportError:\n    def f(): ...\n$0f\n"
        "//- /b.py\ndef f(): ...\n",
        "a.py:f, b.py:f exact",
    ),
    "what is in no source is its own": ("from nowhere import f\n$0f\n", "a.py:f exact"),
    "also in the import": ("from nowhere import $0f\n", "a.py:f exact"),
    "a module that is not there": ("import $0nowhere\n", ""),
    "an import within a function": (
        "def g():\n    from b import f\n    $0f\n//- /b.py\ndef f(): ...\n",
        "b.py:f exact",
    ),
    "the standard library": ("import os.path\nos.path.$0join\n", "posixpath.pyi:join inferred"),
    "a namespace package": ("from n import m\n$0m\n//- /n/m.py\n\n", "n/m.py exact"),
}


@pytest.fixture(name="cases", scope="module")
def _cases(tmp_path_factory: pytest.TempPathFactory) -> Cases:
    projects = {f"CASES {name}": in_one_file(text) for name, (text, _) in CASES.items()}
    return Cases(tmp_path_factory.mktemp("cases"), projects)


@pytest.mark.parametrize("case", CASES)
def test_an_import_is_followed_to(cases: Cases, case: str) -> None:
    assert cases.meaning(f"CASES {case}") == CASES[case][1]
