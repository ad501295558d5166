"""Tests that drive a real, headless Neovim; knows nothing of the server's insides."""
