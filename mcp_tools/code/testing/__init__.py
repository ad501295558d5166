"""Running the tests of a project: which runner it has, what to run, and what came of it.

A runner is found because its file lies in `runners`. What is looked at are files alone: nothing of
the project runs before the command that a plan names.
"""
