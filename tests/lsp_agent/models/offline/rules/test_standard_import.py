"""Undefined names of the standard library."""

import pytest

from tests.lsp_agent.models.offline.rules.checking import check, problem, refuse


@pytest.mark.parametrize(
    ("marked", "after"),
    [
        ("<<os>>.getcwd()\n", "import os\n\nos.getcwd()\n"),
        ("<<os>>.path.join('a')\n", "import os\n\nos.path.join('a')\n"),
        (
            "<<concurrent>>.futures.ThreadPoolExecutor()\n",
            "import concurrent.futures\n\nconcurrent.futures.ThreadPoolExecutor()\n",
        ),
        ("<<asyncio>>.run(x)\n", "import asyncio\n\nasyncio.run(x)\n"),
        ("x: <<Path>>\n", "from pathlib import Path\n\nx: Path\n"),
        ("<<datetime>>.now()\n", "from datetime import datetime\n\ndatetime.now()\n"),
        ("<<datetime>>.datetime.now()\n", "import datetime\n\ndatetime.datetime.now()\n"),
        ("<<defaultdict>>(list)\n", "from collections import defaultdict\n\ndefaultdict(list)\n"),
        ("x: <<Callable>>\n", "from collections.abc import Callable\n\nx: Callable\n"),
        ("<<urlparse>>(x)\n", "from urllib.parse import urlparse\n\nurlparse(x)\n"),
        ("<<sqrt>>(2)\n", "from math import sqrt\n\nsqrt(2)\n"),
        (
            "@<<dataclass>>\nclass A:\n    pass\n",
            "from dataclasses import dataclass\n\n\n@dataclass\nclass A:\n    pass\n",
        ),
    ],
)
def test_the_documented_home_is_imported(marked: str, after: str) -> None:
    check("standard_import", problem(marked, "F821"), after)


@pytest.mark.parametrize(
    "marked",
    [
        "<<os>>.getcwdd()\n",
        "print(<<os>>)\n",
        "<<sleep>>(1)\n",
        "<<register>>(f)\n",
        "<<log>>.info('x')\n",
        "print(<<field>>)\n",
        "print(<<count>>)\n",
        "<<antigravity>>.x\n",
        "<<Frobnicator>>()\n",
        "<<_thread>>.start_new_thread()\n",
    ],
)
def test_a_coincidence_is_refused(marked: str) -> None:
    refuse("standard_import", problem(marked, "F821"))
