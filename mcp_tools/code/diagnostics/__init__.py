"""Problems of one document, from the parsers, from ruff and from our own checks."""
