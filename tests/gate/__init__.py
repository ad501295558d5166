"""The shell gate against lines made to fool it, and what its allowed lines do."""
