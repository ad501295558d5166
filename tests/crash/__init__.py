"""Changes of files cut off by `kill -9` wherever it matters, and what is found after."""
