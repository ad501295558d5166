"""Orders add up, and tables do not pay for each other."""

import unittest

from teahouse.menu import Item
from teahouse.order import Order, tap_water

SENCHA = Item("sencha", 420)


class OrderTest(unittest.TestCase):
    """What a table has ordered."""

    def test_the_total_counts_every_cup(self):
        order = Order(table=1)
        order.add(SENCHA, 3)
        self.assertEqual(order.total(), 1260)

    def test_each_table_has_its_own_lines(self):
        Order(table=1).add(SENCHA)
        self.assertEqual(Order(table=2).lines, [])

    def test_no_cup_at_all_is_an_error(self):
        with self.assertRaises(ValueError):
            Order(table=1).add(SENCHA, 0)

    def test_water_is_on_the_house(self):
        order = Order(table=1)
        tap_water(order)
        self.assertEqual(order.total(), 0)
