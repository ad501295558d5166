"""What imports bind, and which modules they name."""

from mcp_tools.index.python.extraction import extract
from tests.support.facts_text import bindings_of, occurrences_of


def test_each_part_of_a_dotted_name_is_an_occurrence() -> None:
    facts = extract("import a.b as c, d.e\n")
    assert occurrences_of(facts) == "a IMPORT, b IMPORT, c IMPORT, d IMPORT, e IMPORT"
    assert bindings_of(facts) == "0 IMPORT c = module a.b\n0 IMPORT d = module d"


def test_relative_modules_keep_their_dots() -> None:
    facts = extract("from . import x as y\nfrom .p.q import (r, s as t)\nfrom . . import u\n")
    assert bindings_of(facts).split("\n") == [
        "0 IMPORT y = x from .",
        "0 IMPORT r = r from .p.q",
        "0 IMPORT t = s from .p.q",
        "0 IMPORT u = u from ..",
    ]
    assert "p IMPORT, q IMPORT" in occurrences_of(facts)


def test_a_star_import_binds_a_star_to_the_module() -> None:
    facts = extract("from ..m.n import *\nfrom . import *\n")
    assert bindings_of(facts) == ("0 STAR_IMPORT * = module ..m.n\n0 STAR_IMPORT * = module .")
    assert occurrences_of(facts) == "m IMPORT, n IMPORT"


def test_an_import_of_the_future_is_an_import() -> None:
    facts = extract("from __future__ import annotations\n")
    assert occurrences_of(facts) == "__future__ IMPORT, annotations IMPORT"
    assert bindings_of(facts) == "0 IMPORT annotations = annotations from __future__"
