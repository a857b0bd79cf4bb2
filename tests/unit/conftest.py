import sys

import pytest


@pytest.fixture
def eager_threads():
    """Threads take turns after nearly every bytecode, so that a missing lock shows."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)
