"""Symbolic edits of a real project, whose own tests tell whether they were right."""
