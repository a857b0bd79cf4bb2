from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "tensorflow",
    "keras",
    "jax",
    "torch",
    "bqplot",
    "ipywidgets",
    "anywidget",
    "sklearn",
    "pandas",
    "IPython",
    "voila",
}


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


SAYS = """
import os
os.write(2, b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\\n")
os.write(2, b"I0000 00:00:1 2 port.cc:153] oneDNN custom operations are on.\\nE0000 00:00:1 2 broken.cc:1] A fault.\\n")
"""


@pytest.mark.parametrize(
    ("own", "is_quiet"),
    [(None, True), ("3", True), ("0", False)],
    ids=["nobody's setting", "of the demo that started it", "a person's own"],
)
def test_of_what_tensorflow_says_while_it_is_loaded_faults_stay(
    tmp_path: Path, own: str | None, is_quiet: bool
) -> None:
    package = tmp_path / "tensorflow"
    package.mkdir()
    (package / "__init__.py").write_text(SAYS)
    environment = {name: value for name, value in os.environ.items() if name != LEVEL}
    environment |= {"PYTHONPATH": str(tmp_path)} | ({} if own is None else {LEVEL: own})
    code = "import nnvis_widget, tensorflow, os; os.write(2, b'After.\\n')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    lines = run.stderr.splitlines()
    assert lines[-2:] == ["E0000 00:00:1 2 broken.cc:1] A fault.", "After."]
    assert (len(lines) == 2) == is_quiet


def test_tensorflow_itself_is_loaded_without_a_word() -> None:
    environment = {name: value for name, value in os.environ.items() if name != LEVEL}
    code = "import nnvis_widget, tensorflow; print(tensorflow.constant(1).numpy())"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert (run.stdout, run.stderr) == ("1\n", "")
