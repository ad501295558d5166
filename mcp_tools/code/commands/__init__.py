"""What the tools that run shell commands have in common: arguments, progress, and answers.

This room starts nothing itself: commands run by the Jobs of a session.
"""
