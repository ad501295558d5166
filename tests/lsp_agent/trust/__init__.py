"""Which folders the user vouches for."""
