"""What several tests stand on: a scripted editor, projects from text, checked waiting."""
