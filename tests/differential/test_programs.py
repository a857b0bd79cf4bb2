"""Is a training that is watched the same as one that is not, and is what is shown what the model does? For any program.

`python -m tests.differential 0 10000` asks of more programs than there is time for here; `tests/keras/test_backends.py`
asks of some on the other backends.
"""

import pytest

from .claims import faults
from .programs import program

SEEDS = range(4)


@pytest.mark.filterwarnings("ignore")  # of Keras, about what a random program does
@pytest.mark.filterwarnings("error:nnvis_widget")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_program_is_watched_without_a_trace_and_shown_as_it_is(seed):
    one = program(seed)
    found = faults(one)
    assert not found, "\n".join([f"seed {seed}:", *found, one.source])
