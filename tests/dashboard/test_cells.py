"""Running a cell again frees what its last run made, and nothing that a person can still reach."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from typing import Any

import comm
import pytest
from IPython.core.interactiveshell import InteractiveShell

from nnvis_widget.widgets.gate import Gate

NAMED = "view = nv.NetworkView(trainer)"

HEAD = """
import ipywidgets, nnvis_widget as nv
from IPython.display import display
from tests.panels.helpers import plane_trainer
trainer = plane_trainer()
"""


class Notebook(InteractiveShell):
    """A shell that is told which cell runs, as JupyterLab's kernel is."""

    request: dict[str, Any]

    def get_parent(self) -> dict[str, Any]:
        return self.request

    def run(self, cell: str | None, code: str) -> None:
        metadata = {} if cell is None else {"cellId": cell}
        self.request = {"header": {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request"}, "metadata": metadata}
        self.run_cell(code, store_history=True).raise_error()


@pytest.fixture
def notebook() -> Iterator[Notebook]:
    InteractiveShell.clear_instance()
    notebook = Notebook.instance()
    notebook.run("head", HEAD)
    yield notebook
    notebook.run("end", "ipywidgets.Widget.close_all()")
    Notebook.clear_instance()


def ours() -> set[str]:
    """The open widgets that we have made: those with a gate."""
    return {name for name, one in comm.get_comm_manager().comms.items() if isinstance(one.handle_msg, Gate)}


FREED = {
    "a name that is bound anew": "view = nv.NetworkView(trainer)",
    "the last line": "nv.NetworkView(trainer)",
    "shown": "display(nv.NetworkView(trainer))",
    "named and shown": "dashboard = nv.Dashboard(trainer, panels=['training'])\ndashboard",
    "with its trainer": "trainer = plane_trainer()\ncontrols, panel = nv.Controls(trainer), nv.TrainingCurves(trainer)",
    "in a box": "ipywidgets.HBox([nv.NetworkView(trainer), nv.TrainingCurves(trainer)])",
    "in a box that is shown": "display(ipywidgets.HBox([nv.NetworkView(trainer), nv.TrainingCurves(trainer)]))",
    "linked": "a = nv.NetworkView(trainer); link = ipywidgets.link((a, 'top_k'), (nv.NetworkView(trainer), 'top_k'))",
}


@pytest.mark.parametrize("what", FREED)
def test_a_cell_that_is_run_again_frees_what_its_last_run_made(notebook: Notebook, what: str) -> None:
    before = ours()
    notebook.run("a", FREED[what])
    first = ours() - before
    assert first
    notebook.run("a", FREED[what])
    assert not first & ours()
    assert len(ours()) == len(before | first)


KEPT = {
    "by another name": ("", "kept = view"),
    "by a private name": ("", "_kept = view"),
    "in a list": ("kept = []", "kept.append(view)"),
    "by an object": ("class Mine: pass", "mine = Mine(); mine.view = view"),
    "by a slot": ("class Mine:\n __slots__ = ('view',)", "mine = Mine(); mine.view = view"),
    "by a function": ("", "def show(view=view): return view"),
    "by a closure": ("def hold(one): return lambda: one", "show = hold(view)"),
    "by a class": ("", "class Mine: mine = view"),
    "by a library's object": ("import functools", "show = functools.partial(print, view)"),
    "by a callback": (
        "import keras",
        "mine = keras.callbacks.LambdaCallback(on_epoch_end=lambda e, l, view=view: view.describe())",
    ),
    "in a box": ("", "box = ipywidgets.HBox([view])"),
    "in a box that has no name": ("", "display(ipywidgets.HBox([view]))"),
    "as an output": ("", "view"),
    "as a part of an output": ("", "[view]"),
    "as what was displayed": ("", "display(view)"),
    "by a link": ("", "other = nv.NetworkView(trainer); link = ipywidgets.link((view, 'top_k'), (other, 'top_k'))"),
    "without a cell": ("", None),
}


@pytest.mark.parametrize("how", KEPT)
def test_what_a_person_still_reaches_or_sees_in_another_cell_stays_open(notebook: Notebook, how: str) -> None:
    before, keep = KEPT[how]
    cell = None if keep is None else "a"
    notebook.run("before", before)
    notebook.run(cell, NAMED)
    view = notebook.user_ns["view"]
    notebook.run("keep", keep or "")
    notebook.run(cell, NAMED)
    assert view is not notebook.user_ns["view"]
    assert view.comm is not None


def test_a_part_of_a_dashboard_that_is_kept_keeps_all_of_it_only_if_the_dashboard_is_kept(notebook: Notebook) -> None:
    code = "dashboard = nv.Dashboard(trainer, panels=[])"
    notebook.run("a", code)
    dashboard = notebook.user_ns["dashboard"]
    panel = dashboard.add("training")
    notebook.run("keep", "kept = dashboard")
    notebook.run("a", code)
    assert None not in (dashboard.comm, panel.comm, dashboard.view.comm, dashboard.controls.comm)
    notebook.run("keep", "kept = 0")
    notebook.run("a", code)
    assert {dashboard.comm, panel.comm} == {None}


def test_what_another_cell_shows_is_freed_once_that_shows_something_else(notebook: Notebook) -> None:
    notebook.run("a", NAMED)
    view = notebook.user_ns["view"]
    notebook.run("b", "view")
    notebook.run("a", NAMED)
    assert view.comm is not None
    notebook.run("b", "view")
    assert view.comm is None


def test_a_cell_that_fails_before_it_makes_something_new_frees_nothing(notebook: Notebook) -> None:
    notebook.run("a", NAMED)
    view = notebook.user_ns["view"]
    with pytest.raises(ZeroDivisionError):
        notebook.run("a", f"1 / 0\n{NAMED}")
    assert view.comm is not None


def test_tuples_that_other_threads_are_building_are_left_alone(notebook: Notebook) -> None:
    # CPython fails to finish a tuple that something else holds; TensorFlow builds many of them in each step
    failures: list[BaseException] = []
    is_over = threading.Event()

    def build() -> None:
        while not is_over.is_set():
            try:
                assert len(tuple(number for number in range(5000))) == 5000
            except BaseException as failure:
                failures.append(failure)

    thread = threading.Thread(target=build)
    thread.start()
    try:
        for _ in range(30):
            notebook.run("a", NAMED)
    finally:
        is_over.set()
        thread.join()
    assert not failures


def test_a_training_goes_on_when_its_cell_is_run_again(notebook: Notebook) -> None:
    notebook.run("a", "mine = plane_trainer()\nnv.Controls(mine)")
    trainer = notebook.user_ns["mine"]
    trainer.start()
    notebook.run("a", "mine = plane_trainer()\nnv.Controls(mine)")
    assert trainer.state == "running"
    trainer.stop()
