"""Values that every layer shares; they know no disk, no process and no protocol."""
