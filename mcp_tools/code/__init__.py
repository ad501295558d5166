"""Questions about code, one a file; they know no editor, model or protocol."""
