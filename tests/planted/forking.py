"""`python -m tests.planted.forking`: pytest again and again, the large libraries imported once.

Each line that comes is the arguments of a run, as a JSON list; each line that goes its exit code and what it wrote.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pytest

# None of them has a thread before it is used, so a fork has all of it.
LIBRARIES = ("tensorflow", "keras", "pandas", "IPython", "ipywidgets", "bqplot", "anywidget", "sklearn")


@contextmanager
def silence() -> Iterator[None]:
    """Within it nothing is written: TensorFlow says which processors it has not found."""
    kept = os.dup(2)
    with open(os.devnull, "w") as nothing:
        os.dup2(nothing.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def main() -> None:
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    with silence():
        for name in LIBRARIES:
            importlib.import_module(name)
    for line in sys.stdin:
        with tempfile.TemporaryFile("w+") as written:
            run = multiprocessing.get_context("fork").Process(target=run_pytest, args=(json.loads(line), written))
            run.start()
            run.join()
            written.seek(0)
            print(json.dumps([run.exitcode, written.read()]), file=answers, flush=True)


def run_pytest(arguments: list[str], written: IO[str]) -> None:
    """In a process of its own, which ends with pytest's exit code."""
    os.dup2(written.fileno(), 1)
    os.dup2(written.fileno(), 2)
    raise SystemExit(pytest.main(arguments))


if __name__ == "__main__":
    main()
