"""Set before anything imports TensorFlow or Keras: no chatter on the console, and the backend the tests are about.

With several workers (`make test`) it also says which tests stay together on one, and in which order they are taken.
"""

import gc
import os
from collections.abc import Iterator
from math import inf

import pytest
from hypothesis import settings
from xdist import is_xdist_worker

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

# No test asserts a time, and a busy machine takes longer for nothing.
settings.register_profile("nnvis", deadline=None)
settings.load_profile("nnvis")

# A host's server runs once, on the worker that has its tests. What takes longest begins first, on different workers.
HOSTS = {"start_jupyterlab": "JupyterLab", "voila": "Voilà", "kernels": "Voilà", "preheated_voila": "Voilà"}
ORDER = ["JupyterLab", "Voilà", "tests/browser", "tests/dashboard", "tests/keras", "tests/panels"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    if not is_xdist_worker(session):
        return
    groups = {item: _group_of(item) for item in items}
    for item, group in groups.items():
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: _place_of(groups[item]))


def _group_of(item: pytest.Item) -> str:
    """The host that a test needs, else its file: what a module's fixtures made is shared."""
    fixtures = getattr(item, "fixturenames", ())
    return next((host for fixture, host in HOSTS.items() if fixture in fixtures), item.nodeid.split("::")[0])


def _place_of(group: str) -> int:
    return next((place for place, start in enumerate(ORDER) if group.startswith(start)), len(ORDER))


def pytest_collection_finish() -> None:
    """What the imports made stays, so no collection need look through a million objects of TensorFlow again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def _nothing_goes_on_behind_a_module() -> Iterator[None]:
    """Views that a module's tests no longer hold are collected, and with them their threads end.

    What is left, such as the graphs of traced functions, which TensorFlow keeps, is not looked through again: after all
    tests that takes many seconds each time.
    """
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture
def looks_by_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor looks after the same steps on every machine, whatever time has passed and whatever a look costs."""
    from nnvis_widget.keras_adapter import checkup

    monkeypatch.setattr(checkup, "SAVED_S", inf)
    monkeypatch.setattr(checkup, "PAUSE_S", inf)
