"""One LSP feature or command a file; each registers itself by `@feature` or `@command`."""
