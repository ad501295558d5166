"""Tests of the rules, one file a rule, without any tool."""
