"""Each client's own file and entry."""
