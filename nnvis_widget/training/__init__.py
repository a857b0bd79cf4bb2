"""A training in its own thread."""
