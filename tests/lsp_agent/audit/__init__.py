"""What was decided and done, written down."""
