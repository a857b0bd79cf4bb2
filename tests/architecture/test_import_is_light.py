from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = {"tensorflow", "keras", "jax", "bqplot", "ipywidgets", "anywidget", "sklearn", "pandas", "IPython", "voila"}


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after a statement."""
    code = f"{statement}\nimport sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.mark.parametrize(
    "statement",
    ["import nnvis_widget", "from nnvis_widget import Run, errors", "import nnvis_widget; nnvis_widget.datasets"],
)
def test_importing_loads_no_heavy_library(statement: str) -> None:
    assert loaded_by(statement) & HEAVY == set()


def test_a_heavy_library_would_be_seen() -> None:
    assert "ipywidgets" in loaded_by("import ipywidgets") & HEAVY


LEVEL = "TF_CPP_MIN_LOG_LEVEL"
LOADED = "import sys, types; sys.modules['tensorflow'] = types.ModuleType('tensorflow')"


@pytest.mark.parametrize(
    ("own", "before", "expected"),
    [(None, "", "3"), ("1", "", "1"), (None, LOADED, "None")],
    ids=["nobody's setting", "a person's own", "TensorFlow is loaded already"],
)
def test_tensorflow_is_quiet_where_nobody_wants_to_hear_it(own: str | None, before: str, expected: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != LEVEL}
    code = f"{before}\nimport nnvis_widget, os; print(os.environ.get({LEVEL!r}))"
    environment |= {} if own is None else {LEVEL: own}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert run.stdout.strip() == expected
