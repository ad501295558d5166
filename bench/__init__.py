"""Measurements: run by `make bench`, read by people; they assert nothing."""
