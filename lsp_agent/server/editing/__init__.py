"""Making changes in an editor that has the files open, and seeing that they arrived."""
