"""A training in its own thread, and data to train on."""
