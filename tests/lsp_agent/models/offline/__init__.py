"""Tests of the offline engine, over the real tools and over plain text."""
