"""Orders: what a table wants."""


class Order:
    """The order of one table."""

    def __init__(self, table, lines=[]):
        self.table = table
        self.lines = lines

    def add(self, item, quantity=1):
        """Add a line to the order."""
        if quantity < 1:
            raise ValueError(f"expected at least one {item.name}, got {quantiy}")
        self.lines.append((item, quantity))

    def total():
        """Give what the table has to pay, in cents."""
        return sum(item.price * quantity for item, quantity in self.lines)


def tap_water(order):
    """Put a glass of water on the house on the order."""
    order.add(Item("tap water", 0))
