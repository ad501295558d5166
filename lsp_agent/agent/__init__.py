"""The loop that turns a prompt into tool calls and words; it knows no door and no editor."""
