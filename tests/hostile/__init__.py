"""Repositories that try to make something run, or leak, before anybody has trusted them."""
