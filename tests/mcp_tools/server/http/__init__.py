"""HTTP as a client meets it: real sockets on loopback, and raw bytes."""
