"""The user's settings, and where each value came from; a project's files never reach it."""
