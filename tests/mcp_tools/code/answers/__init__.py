"""Tests of the answers about symbols."""
