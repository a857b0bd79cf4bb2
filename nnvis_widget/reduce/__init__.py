"""A big tensor becomes a drawable one: pure numpy, no I/O, no threads, no clock."""
