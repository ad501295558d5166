"""Receipts, as they are printed."""

from teahouse.money import show

WIDTH = 32


def receipt(order, waiter=None):
    """Give the receipt of an order, line by line."""
    lines = [f"Table {order.table}"]
    if waiter != None:
        lines.append(f"Served by {waiter}")
    for item, quantity in order.lines:
        amount = show(item.price * quantity)
        lines.append(f"{quantity} x {item.name}".ljust(WIDHT - len(amount)) + amount)
    lines.append(show(order.total()).rjust(WIDTH))
    return "\n".join(lines)
