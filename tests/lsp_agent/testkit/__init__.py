"""Tests of the test kit, with the official SDK as the client."""
