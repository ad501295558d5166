"""Asking git, and committing, without starting what a repository names.

A repository's configuration can name programs that git runs at a mere look. Everything that asks
git goes through `repository`, and what looks at the work tree first sees that there is none.
"""
