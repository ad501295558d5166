"""The measurements run."""
