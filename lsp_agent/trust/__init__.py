"""Which folders the user vouches for, and what in them asks for power.

It decides nothing: what an untrusted folder may not do is said in `permissions`, and obeyed by
those who start programs. Knows no engine, no tool and no door.
"""
