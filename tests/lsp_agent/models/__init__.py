"""Tests of the models: what they ask for, and what they make of the answers."""
