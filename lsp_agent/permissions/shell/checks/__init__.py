"""What is looked for in a shell line: one small function for each check.

Each is applied to every part. A check knows no other check, and none can make a line pass:
findings only add up.
"""
