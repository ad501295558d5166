"""Prices are read and shown to the cent."""

import unittest

from teahouse.money import cents, show


class MoneyTest(unittest.TestCase):
    """What prices look like."""

    def test_a_price_is_read_in_cents(self):
        self.assertEqual(cents("3.50"), 350)

    def test_an_amount_is_shown_in_euros(self):
        self.assertEqual(show(1205), "12.05 EUR")
