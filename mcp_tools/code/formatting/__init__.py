"""Text as formatters write it: programs that read it and print it, and touch no file."""
