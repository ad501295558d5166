"""From names to what they mean, over the facts of many files; knows no index and no editor."""
