"""Where an import goes, and how it joins those that are there."""

import pytest

from lsp_agent.models.offline.editing import applied
from lsp_agent.models.offline.imports import Import, add_import
from lsp_agent.models.offline.source import source_of

_PATH = Import(module="pathlib", name="Path")
_OS = Import(module="os")
_CORE = Import(module="shop.core", name="Basket")
_NEAR = Import(module=".core", name="Basket")


# The first import of a file.
_FIRST = (
    ("x = 1\n", _OS, "import os\n\nx = 1\n"),
    ("def f(): ...\n", _OS, "import os\n\n\ndef f(): ...\n"),
    ('"""Doc."""\nx = 1\n', _OS, '"""Doc."""\n\nimport os\n\nx = 1\n'),
    ('"""Doc."""\n\nx = 1\n', _OS, '"""Doc."""\n\nimport os\n\nx = 1\n'),
    ('"""Doc."""\n\n\ndef f(): ...\n', _OS, '"""Doc."""\n\nimport os\n\n\ndef f(): ...\n'),
    ("#!/bin/python\nx = 1\n", _OS, "#!/bin/python\nimport os\n\nx = 1\n"),
    ("# Head.\n\n# Of x.\nx = 1\n", _OS, "# Head.\n\nimport os\n\n# Of x.\nx = 1\n"),
    ("\n\nx = 1\n", _OS, "import os\n\n\nx = 1\n"),
    ("@a\nclass A: ...\n", _OS, "import os\n\n\n@a\nclass A: ...\n"),
)
# In its sorted place.
_SORTED = (
    ("import abc\nimport re\n\nx = 1\n", _OS, "import abc\nimport os\nimport re\n\nx = 1\n"),
    ("import re\n\nx = 1\n", _OS, "import os\nimport re\n\nx = 1\n"),
    (
        "import re\nfrom abc import A\n",
        _PATH,
        "import re\nfrom abc import A\nfrom pathlib import Path\n",
    ),
    ("import sys\nimport abc\n\nx = 1\n", _OS, "import sys\nimport abc\nimport os\n\nx = 1\n"),
)
# In its group.
_GROUPED = (
    (
        "from __future__ import annotations\n\nx = 1\n",
        _OS,
        "from __future__ import annotations\n\nimport os\n\nx = 1\n",
    ),
    ("import attrs\n\nx = 1\n", _OS, "import os\n\nimport attrs\n\nx = 1\n"),
    (
        "import re\n\nimport attrs\n",
        _CORE,
        "import re\n\nimport attrs\n\nfrom shop.core import Basket\n",
    ),
    (
        "import re\n\nfrom . import b\n\nx = 1\n",
        _CORE,
        "import re\n\nfrom shop.core import Basket\n\nfrom . import b\n\nx = 1\n",
    ),
    (
        "from . import b\nfrom .x import c\n",
        _NEAR,
        "from . import b\nfrom .core import Basket\nfrom .x import c\n",
    ),
)
# Joined to an import of the same module.
_JOINED = (
    ("from pathlib import PurePath\n", _PATH, "from pathlib import Path, PurePath\n"),
    ("from shop.core import Apple, a\n", _CORE, "from shop.core import Apple, Basket, a\n"),
    ("from shop.core import b, a\n", _CORE, "from shop.core import b, a, Basket\n"),
    ("from shop.core import (A)  # c\n", _CORE, "from shop.core import (A, Basket)  # c\n"),
    (
        "from shop.core import (\n    Apple,\n    Cart,\n)\n",
        _CORE,
        "from shop.core import (\n    Apple,\n    Basket,\n    Cart,\n)\n",
    ),
    (
        "from shop.core import (\n\tApple,  # a\n)\n",
        _CORE,
        "from shop.core import (\n\tApple,\n\tBasket,  # a\n)\n",
    ),
    (
        "from shop.core import *\n\nx = 1\n",
        _CORE,
        "from shop.core import *\nfrom shop.core import Basket\n\nx = 1\n",
    ),
)
# Not into a block for type checkers.
_APART = (
    (
        "import re\n\nif TYPE_CHECKING:\n    from pathlib import PurePath\n",
        _PATH,
        "import re\nfrom pathlib import Path\n\n"
        "if TYPE_CHECKING:\n    from pathlib import PurePath\n",
    ),
    # With the file's own line ends, also at its end.
    ('"""Doc."""\r\nx = 1\r\n', _OS, '"""Doc."""\r\n\r\nimport os\r\n\r\nx = 1\r\n'),
    ("import abc; x = 1", _OS, "import abc; x = 1\nimport os\n"),
    (
        "import os.path\n",
        Import(module="numpy", alias="np"),
        "import os.path\n\nimport numpy as np\n",
    ),
)


@pytest.mark.parametrize(
    ("before", "wanted", "after"), [*_FIRST, *_SORTED, *_GROUPED, *_JOINED, *_APART]
)
def test_an_import_goes_where_a_person_would_put_it(
    before: str, wanted: Import, after: str
) -> None:
    source = source_of(before)
    assert source is not None
    edit = add_import(source, wanted, first_party=frozenset({"shop"}))
    assert applied(before, [edit]) == after
