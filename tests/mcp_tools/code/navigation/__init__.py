"""Questions about symbols, over real facts and the real resolver."""
