"""Tests that are worth running for an hour (`make soak`), each with a short form in CI."""
