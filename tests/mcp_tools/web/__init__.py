"""Tests of the way to the network."""
