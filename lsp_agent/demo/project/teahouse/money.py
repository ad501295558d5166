"""Prices: kept in cents, shown in euros."""


def cents(price):
    """Read a price such as `3.50`."""
    return int(Decimal(price) * 100)


def show(amount):
    """Write an amount of cents as a person reads it."""
    euros = amount / 100
    return "{euros:.2f} EUR"
