"""Is a training that is watched the same as one that is not, and is what is shown what the model does? For any program.

`python -m tests.differential 0 10000` asks of more programs than there is time for here.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from ..keras.test_backends import compiled_once
from .claims import faults
from .programs import program

ROOT = Path(__file__).parents[2]
SEEDS = range(4)
ON_JAX = {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
ON_TORCH = {"KERAS_BACKEND": "torch", "OMP_NUM_THREADS": "1"}


@pytest.mark.filterwarnings("ignore")  # of Keras, about what a random program does
@pytest.mark.filterwarnings("error:nnvis_widget")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_program_is_watched_without_a_trace_and_shown_as_it_is(seed):
    one = program(seed)
    found = faults(one)
    assert not found, "\n".join([f"seed {seed}:", *found, one.source])


@pytest.mark.parametrize(
    ("backend", "environment", "seeds"),
    [("jax", ON_JAX, ("4", "5")), ("torch", ON_TORCH, ("91204", "91206"))],
    ids=["jax", "torch"],
)
def test_random_programs_on_another_backend_are_watched_without_a_trace_and_shown_as_they_are(
    backend, environment, seeds, request
):
    if not find_spec(backend):
        pytest.skip(f"{backend} is not installed")
    result = subprocess.run(
        [sys.executable, "-m", "tests.differential", *seeds],
        cwd=ROOT,
        env=os.environ | compiled_once(request.config.cache.mkdir("compiled")) | environment,
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert result.returncode == 0, result.stdout + result.stderr[-2000:]
