"""The other backends of Keras, each in a process of its own where it is installed."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from ..limits import PROGRAM_S

ROOT = Path(__file__).parents[2]
CLAIMS = (
    "trains bit-equal",
    "resets bit-equal",
    "takes the pipeline of TensorFlow",
    "pauses, steps and obeys",
    "takes looks for the doctor",
    "watches a fit",
    "leaves no trace",
    "shows what changed at rest",
    "reads own code",
    "tells the arithmetic of a unit",
    "steps through",
    "reads every layer and every weight",
    "draws what is told of layers of a person's own",
    "tells the share of each input",
    "draws maps of both orders, and strips",
    "tells what maps give to the shown output",
    "tells who looks at whom",
    "measures gradients, of the past too",
    "is watched without a trace in random programs",
)
OF_TORCH = (
    "finds slopes as autograd does",
    "foretells a step whose masks come from the one generator",
    "tells the learning beside modules without a trace",
    "lets others draw beside a look",
    "leaves no trace in modules",
    "shows modules as predict has them",
    "resets modules",
    "takes loaders and tensors",
    "trains on after somebody predicts",
    "trains all layers of a sequential that keras leaves half built",
)
BACKENDS = [
    pytest.param(name, marks=pytest.mark.skipif(not find_spec(name), reason=f"{name} is not installed ({how})"))
    for name, how in (("jax", "make setup"), ("torch", "make torch"))
]


def compiled_once(folder):
    """What JAX compiles is kept for the next training, and the next run; it is compiled quickly, not to run quickly."""
    return {
        "XLA_FLAGS": "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true",
        "JAX_COMPILATION_CACHE_DIR": str(folder),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }


@pytest.fixture(scope="module", params=BACKENDS)
def output(request):
    # On a busy machine torch's threads wait for each other by burning its cores: five times the time.
    environment = os.environ | {"KERAS_BACKEND": request.param, "JAX_PLATFORMS": "cpu", "OMP_NUM_THREADS": "1"}
    environment |= compiled_once(request.config.cache.mkdir("compiled"))
    result = subprocess.run(
        [sys.executable, "-m", "tests.keras.backend_script", request.param],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PROGRAM_S,
    )
    return result.stdout + result.stderr


@pytest.mark.parametrize("claim", CLAIMS)
def test_on_another_backend_a_trainer(output, claim):
    assert claim in output.splitlines(), output[-5000:]


@pytest.mark.parametrize("output", BACKENDS[1:], indirect=True)
@pytest.mark.parametrize("claim", OF_TORCH)
def test_on_torch_a_trainer(output, claim):
    assert claim in output.splitlines(), output[-5000:]
