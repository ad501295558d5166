"""The face of the core: sessions that take ops and give events; no protocol SDK is known here."""
