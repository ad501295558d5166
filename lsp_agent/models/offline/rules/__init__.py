"""One rule a file, each ends in `RULE = Rule(...)`; pure, without any tool."""
