"""How long a test waits for a state, and how much it tries: each in one place."""

import os

PATIENCE_S = 240.0  # of a machine with much other work; what has happened is seen at once
PROGRAM_S = 800.0  # of a whole program in a process of its own

IS_RELEASE = os.environ.get("NNVIS_RELEASE") == "1"


def size(each_run: int, release: int) -> int:
    """How many of something a test tries: a run of all tests has a quarter of an hour, `make release` has a day."""
    return release if IS_RELEASE else each_run
