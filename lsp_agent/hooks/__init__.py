"""What the user, a trusted project or a plugin lets happen when something happens here.

A hook may watch, add what the model should know, change an input, ask for a question, or deny.
It can never allow: what it lets through is judged like everything else. Knows no engine, no model
and no door; those fire the events.
"""
