"""The disk: reading it, changing it whole or not at all, and mending what a crash left."""
