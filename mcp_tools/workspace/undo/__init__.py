"""Taking recorded changes back, merged with what was typed since; writes nothing itself."""
