"""What is loaded quickly is what would have been loaded slowly."""

import re
import subprocess
import sys

import pytest

_SHAPES = """
import attrs, typing
from lsprotocol import types
from pygls.feature_manager import has_ls_param_or_annotation
from pygls.protocol import default_converter
from lsp_agent.server import features
from lsp_agent.server.main import create_server
from lsp_agent.server.registration import registered_handlers

converter = default_converter()
for name, value in sorted(types.ALL_TYPES_MAP.items()):
    if isinstance(value, type) and attrs.has(value):
        made = {"__eq__", "__repr__", "__lt__", "__setattr__", "__init__"} & set(vars(value))
        print(name, attrs.fields(value), sorted(made), value.__hash__, value.__match_args__)
    else:
        print(name, value)
server = create_server("1", lambda server: None)
for mark, handler in registered_handlers(features):
    takes_server = has_ls_param_or_annotation(handler, type(server))
    print(mark.method, typing.get_type_hints(handler), takes_server)
"""
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_QUICKLY = "from lsp_agent.server.quick_types import load_quickly\nload_quickly()\n"
_USE = """
import threading
from lsprotocol import types

place = types.Position(1, 2)
assert place == types.Position(line=1, character=2) != types.Position(1, 3)
assert place < types.Position(1, 3)
assert repr(types.Range(place, place)) == "1:2-1:2"
try:
    types.Position("1", 2)
except ValueError:
    pass
else:
    raise AssertionError("a wrong value was taken")

made = []
def make():
    made.append(types.Location("file:///a", types.Range(place, place)))
threads = [threading.Thread(target=make) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len(made) == 8 and all(location == made[0] for location in made), made
"""


def output_of(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 0, done.stderr
    return _ADDRESS.sub("", done.stdout)


def test_types_and_handlers_are_the_same() -> None:
    quick, slow = output_of(_QUICKLY + _SHAPES), output_of(_SHAPES)
    assert len(slow.splitlines()) > 600
    assert quick.splitlines() == slow.splitlines()


@pytest.mark.parametrize("before", ["", _QUICKLY])
def test_classes_work_when_they_are_first_used(before: str) -> None:
    output_of(before + _USE)


def test_loading_again_does_nothing() -> None:
    output_of(f"""
import attrs
define = attrs.define
{_QUICKLY}
load_quickly()
assert attrs.define is define
""")
