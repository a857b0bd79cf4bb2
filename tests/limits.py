"""How long a test waits for a state, in one place."""

PATIENCE_S = 120.0  # of a machine with other work; what has happened is seen at once
