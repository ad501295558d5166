"""Small projects with mistakes for the editor to show, written to a folder on demand."""

from pathlib import Path

ONE_TYPO = "invoices/totals.py"
TWO_TYPOS = "invoices/report.py"
THREE_RATES = "invoices/rates.py"

_FILES = {
    "pyproject.toml": '[project]\nname = "invoices"\nversion = "1.4.0"\n',
    "invoices/__init__.py": '"""Invoices of a small shop."""\n',
    ONE_TYPO: '''\
"""Totals of an invoice."""


def net_total(prices: list[float]) -> float:
    """Sum of the prices before tax."""
    total = 0.0
    for price in prices:
        total += price
    return totl


def gross_total(prices: list[float], tax_rate: float) -> float:
    """Sum of the prices with tax."""
    return net_total(prices) * (1 + tax_rate)
''',
    TWO_TYPOS: '''\
"""The invoice as text."""

from invoices.totals import gross_total


def headline(customer: str) -> str:
    """First line of the invoice."""
    return f"Facture für {custmer}"


def footer(prices: list[float]) -> str:
    """Last line of the invoice."""
    amount = gross_total(prices, 0.19)
    return f"€ {amout:.2f}"
''',
    THREE_RATES: '''\
"""Rates of taxes."""


def reduced() -> float:
    """Rate of books."""
    return 0.05


def standard() -> float:
    """Rate of most goods."""
    return 0.16


def luxury() -> float:
    """Rate of jewels."""
    return 0.33
''',
}


def write_invoices(folder: Path) -> Path:
    """Write the invoices project under `folder` and give its root."""
    root = folder / "invoices"
    for name, text in _FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return root
