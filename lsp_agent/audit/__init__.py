"""What was decided and done, written down so that a later change of it is found.

It knows calls and rulings, and neither engine nor front ends.
"""
