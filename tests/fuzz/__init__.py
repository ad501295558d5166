"""Malformed and well-formed messages, by the million, against the real server.

On both of its transports: `python -m tests.fuzz --messages N --seed S`, or `make fuzz`.
"""
