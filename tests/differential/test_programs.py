"""Is a training that is watched the same as one that is not, and is what is shown what the model does? For any program.

`python -m tests.differential 0 10000` asks of more programs than there is time for here.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from .claims import faults
from .programs import program

ROOT = Path(__file__).parents[2]
SEEDS = range(4)
ON_JAX = {
    "KERAS_BACKEND": "jax",
    "JAX_PLATFORMS": "cpu",
    "XLA_FLAGS": "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true",
}
SEEDS_ON_JAX = ("4", "5")


@pytest.mark.filterwarnings("ignore")  # of Keras, about what a random program does
@pytest.mark.filterwarnings("error:nnvis_widget")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_program_is_watched_without_a_trace_and_shown_as_it_is(seed):
    one = program(seed)
    found = faults(one)
    assert not found, "\n".join([f"seed {seed}:", *found, one.source])


@pytest.mark.skipif(not find_spec("jax"), reason="jax is not installed")
def test_random_programs_on_jax_are_watched_without_a_trace_and_shown_as_they_are():
    result = subprocess.run(
        [sys.executable, "-m", "tests.differential", *SEEDS_ON_JAX],
        cwd=ROOT,
        env=os.environ | ON_JAX,
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert result.returncode == 0, result.stdout + result.stderr[-2000:]
