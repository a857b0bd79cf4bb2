"""The arithmetic of learning, written out: pure numpy, from plain arrays to terms that add up."""
