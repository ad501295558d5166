"""Where hooks are fired: beside tools, models, commands and the work itself.

`fired_in` of the table in `hooks.events` says which of these files fires which event.
"""
