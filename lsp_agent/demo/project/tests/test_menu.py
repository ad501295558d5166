"""The menu is read from JSON."""

import unittest

from teahouse.menu import Item, read_menu


class MenuTest(unittest.TestCase):
    """What is on the menu."""

    def test_items_are_found_by_name(self):
        menu = read_menu('{"sencha": "4.20"}')
        self.assertEqual(menu["sencha"], Item("sencha", 420))
