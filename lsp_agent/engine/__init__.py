"""The face of the core: sessions take ops and give events; no protocol SDK is known."""
