"""Models of programs, a family a file; each file ends in `MODELS`."""
