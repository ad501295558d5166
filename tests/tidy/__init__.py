"""Guards of the house style; each rule checks one file and has samples."""
