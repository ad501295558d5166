"""What the protocol asks of us, and proof that it is done."""
