"""Our own checks of Python code; each reports only what it is sure of."""
