"""The official conformance suite of the protocol, against servers of ours."""
