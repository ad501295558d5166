"""The command line: one command a file, and each imports its own front end only."""
