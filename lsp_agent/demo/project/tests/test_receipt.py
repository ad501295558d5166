"""Receipts show all that was ordered."""

import unittest

from teahouse.menu import Item
from teahouse.order import Order
from teahouse.receipt import receipt


class ReceiptTest(unittest.TestCase):
    """What is printed."""

    def setUp(self):
        self.order = Order(table=7)
        self.order.add(Item("gyokuro", 680), 2)

    def test_each_line_has_its_amount(self):
        self.assertIn("2 x gyokuro            13.60 EUR", receipt(self.order))

    def test_the_waiter_is_named(self):
        self.assertIn("Served by Aiko", receipt(self.order, waiter="Aiko"))
