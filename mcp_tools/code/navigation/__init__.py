"""Questions about symbols, references and calls, one a file; knows no tool and no editor."""
