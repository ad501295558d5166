"""Jupyter notebooks as text: a cell changes, and all other bytes stay."""
