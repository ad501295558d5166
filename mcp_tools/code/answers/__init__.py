"""Answers about symbols, for models and scripts; know no tool and no protocol."""
