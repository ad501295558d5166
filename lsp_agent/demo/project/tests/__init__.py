"""The tests of the till."""
