"""Tests that drive real editors from outside; they import nothing of the product."""
