"""What goes out: refused with what is in it, however an address spells it."""

import pytest

from mcp_tools.types.errors import Denied
from mcp_tools.types.publishing import UNRESTRICTED, Publishing


def _objection(text: str) -> str:
    return "the name of a customer" if "Acme" in text else ""


PUBLISHING = Publishing(objection=_objection)


@pytest.mark.parametrize("text", ["for Acme", "?q=%41cme", "?q=%2541cme", "?q=for+Acme"])
def test_what_must_not_go_out_is_refused(text: str) -> None:
    with pytest.raises(Denied, match=r"the address has the name of a customer, which must not"):
        PUBLISHING.check("the address", text)


def test_all_else_goes_out() -> None:
    PUBLISHING.check("the address", "https://example.org/?q=100%")
    UNRESTRICTED.check("the address", "for Acme")
    assert UNRESTRICTED.discloses_agent
