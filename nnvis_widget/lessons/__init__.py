"""Lessons that one line opens: a network of one's own making, with everything to turn beside it."""
