"""TensorFlow loaded without the red box above the first picture.

What it tells of itself while it is loaded (that it found no GPU, which instructions it uses) it writes to the process'
stderr, whatever its log level (tensorflow/tensorflow#100442).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType

LEVEL = "TF_CPP_MIN_LOG_LEVEL"
QUIET = "3"
TENSORFLOW = "tensorflow"
STDERR = 2
INFORMATION = re.compile(rb"I\d{4} |WARNING: All log messages before absl::InitializeLog\(\) is called")


def start_quietly() -> None:
    """See that TensorFlow, if it is loaded later and nobody wants to hear more, tells of nothing but faults.

    A level that is quiet already counts as ours: a kernel has it from the `nnvis demo` that has started it.
    """
    if TENSORFLOW not in sys.modules and os.environ.setdefault(LEVEL, QUIET) == QUIET:
        sys.meta_path.insert(0, _QuietTensorFlow())


class _QuietTensorFlow(MetaPathFinder):
    """Lets the others find TensorFlow, once."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != TENSORFLOW:
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        loader = None if spec is None else spec.loader
        if loader is not None:
            load = loader.exec_module

            def load_quietly(module: ModuleType) -> None:
                delattr(loader, "exec_module")
                with _without_information():
                    load(module)

            loader.exec_module = load_quietly  # type: ignore[method-assign]
        return spec


@contextmanager
def _without_information() -> Iterator[None]:
    """Hold stderr back, and let go on what is more than information."""
    from tempfile import TemporaryFile

    try:
        own = os.dup(STDERR)
    except OSError:  # there is none
        yield
        return
    with TemporaryFile() as said:
        os.dup2(said.fileno(), STDERR)
        try:
            yield
        finally:
            os.dup2(own, STDERR)
            os.close(own)
            said.seek(0)
            os.write(STDERR, b"".join(line for line in said if not INFORMATION.match(line)))
