"""The tools, one a file, each ending in `TOOL = Tool(...)`; none writes."""
