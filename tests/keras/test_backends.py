"""The other backends of Keras, each in a process of its own where it is installed."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLAIMS = (
    "trains bit-equal",
    "resets bit-equal",
    "pauses, steps and obeys",
    "watches a fit",
    "leaves no trace",
    "shows what changed at rest",
)


@pytest.fixture(scope="module", params=[name for name in ("jax", "torch") if find_spec(name)])
def output(request):
    environment = os.environ | {"KERAS_BACKEND": request.param, "JAX_PLATFORMS": "cpu"}
    result = subprocess.run(
        [sys.executable, "-m", "tests.keras.backend_script", request.param],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=280,
    )
    return result.stdout + result.stderr


@pytest.mark.parametrize("claim", CLAIMS)
def test_on_another_backend_a_trainer(output, claim):
    assert claim in output.splitlines(), output[-5000:]
