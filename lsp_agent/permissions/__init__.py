"""What may happen: a pure function from an effect to allow, hold, ask or deny."""
