"""Whatever a page sends to whatever part of a dashboard: only what a person can do there is done."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from typing import Any

import bqplot
import comm
import ipywidgets
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.dashboard.kinds import KINDS, kinds_for
from nnvis_widget.widgets.ownership import all_parts_of
from nnvis_widget.widgets.page_link import PageLink

from ..limits import size
from ..panels.helpers import parts, plane_trainer, receive

MESSAGES = size(4_000, 100_000)
SEED = random.SystemRandom().randrange(2**32)
HUGE = [10**400, -(10**400), 1e308, float("nan"), float("inf"), -float("inf"), -1, 10**10]
CLICKED = (ipywidgets.Button, bqplot.Image, bqplot.GridHeatMap, nv.NetworkView, PageLink)


@pytest.fixture
def opened() -> Iterator[tuple[nv.Trainer, nv.Dashboard, list[ipywidgets.Widget]]]:
    """A trainer, a dashboard with every kind of panel, and all that was opened for it."""
    trainer, before = plane_trainer(), set(comm.get_comm_manager().comms)
    dashboard = nv.Dashboard(trainer, panels=list(kinds_for(trainer.structure)))
    widgets = list(dict.fromkeys(all_parts_of(dashboard)))
    assert {widget.comm.comm_id for widget in widgets} == set(comm.get_comm_manager().comms) - before
    yield trainer, dashboard, widgets
    dashboard.close()
    trainer.stop()


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Fails where anything was printed or logged as an error."""
    yield
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert "Traceback" not in "".join(capsys.readouterr())


def deep(rng: random.Random, depth: int = 3) -> Any:
    """Any JSON that no control takes: neither a number in its range nor a truth value."""
    kind = rng.randrange(7 if depth else 4)
    if kind == 0:
        return rng.choice(HUGE)
    if kind == 1:
        return rng.choice(["", "<img src=x onerror=alert(1)>", "\ud800", "IPY_MODEL_x", "click"])
    if kind == 2:
        return 0.5 + rng.randrange(-9, 9)
    if kind == 3:
        return rng.choice([[], {}, [True], ["value"]])
    if kind == 4:
        return [deep(rng, depth - 1) for _ in range(rng.randrange(1, 4))]
    names = ["value", "dtype", "shape", "type", "children", "layout", "kind", "x"]
    return {rng.choice(names): deep(rng, depth - 1) for _ in range(rng.randrange(1, 4))}


def nest(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = {"x": [value]}
    return value


def message_of(rng: random.Random, widget: ipywidgets.Widget) -> dict[str, Any]:
    """What no person could have meant."""
    kind = rng.randrange(8)
    if kind < 4:
        names = [*widget.keys, "comm", "nothing", "_esm", "children"]
        taken = {"value", "index"} if getattr(widget, "base", None) or hasattr(widget, "readout") else set()
        state = {name: deep(rng) for name in rng.choices([one for one in names if one not in taken], k=3)}
        state |= {name: rng.choice(HUGE) for name in taken & set(widget.keys)}
        return {"method": "update", "state": state, "buffer_paths": rng.choice([[], None, [["value"]], 3, [[]]])}
    if kind == 4:
        return {"method": "update", "state": deep(rng), "buffer_paths": [["selected", "value"]]}
    if kind == 5:
        return {"method": "custom", "content": deep(rng)}
    if kind == 6:
        event = rng.choice(["Click", "hover", "upload_png", "submit", "click", "element_click"])
        content = {"event": event, "data": deep(rng), "point": deep(rng)}
        is_click = event == "click" and isinstance(widget, ipywidgets.Button)
        return {"method": "custom", "content": {} if is_click else content}
    return {rng.choice(["method", "state", "x"]): rng.choice([deep(rng), "update", "custom", "nothing", nest(200)])}


def changes(before: dict[str, Any], widget: ipywidgets.Widget) -> list[str]:
    """What of a widget's state is not as it was."""
    found = []
    for name, value in widget.get_state().items():
        try:
            np.testing.assert_equal(value, before[name])
        except AssertionError:
            found.append(f"{type(widget).__name__}.{name}")
    return found


def test_whatever_no_person_could_mean_changes_no_part_and_no_training(
    opened: tuple[nv.Trainer, nv.Dashboard, list[ipywidgets.Widget]], said: None
) -> None:
    print(f"seed {SEED}")
    trainer, _, widgets = opened
    rng = random.Random(SEED)
    trainer.pause()  # returns when what the dashboard asked for is measured
    before = {widget: widget.get_state() for widget in widgets}
    alone = plane_trainer()
    for count in range(MESSAGES):
        if count == MESSAGES // 2:
            assert [name for widget in widgets for name in changes(before[widget], widget)] == []
            trainer.run_steps(200)
        widget = rng.choice(widgets)
        receive(widget, [b"12345678"] * rng.randrange(2), **message_of(rng, widget))
    assert trainer.wait(60) == "paused"
    alone.run_steps(200)
    alone.wait(60)
    for seen, unseen in zip(trainer.model.weights, alone.model.weights, strict=True):
        np.testing.assert_array_equal(seen, unseen)


def test_each_part_takes_what_a_person_can_do_there_and_nothing_else(
    opened: tuple[nv.Trainer, nv.Dashboard, list[ipywidgets.Widget]],
) -> None:
    trainer, dashboard, widgets = opened
    trainer.pause()  # returns when what the dashboard asked for is measured: a view's state has the newest frame
    html, label = parts(dashboard, ipywidgets.HTML)[-1], parts(dashboard, ipywidgets.Label)[0]
    figure, line = parts(dashboard, bqplot.Figure)[0], parts(dashboard, bqplot.Lines)[0]
    for widget, name, value in (
        (html, "value", "<script>"),
        (html, "_view_module", "evil"),
        (label, "value", "loss 0"),
        (dashboard, "children", []),
        (dashboard.layout, "display", "none"),
        (dashboard.adding.style, "button_color", "red"),
        (dashboard.adding, "description", "Reset"),
        (dashboard.adding, "disabled", True),
        (figure, "marks", []),
        (line, "colors", ["red"]),
        (parts(dashboard, PageLink)[0], "title", "x"),
        (parts(dashboard, PageLink)[0], "sent", 99),
    ):
        before = widget.get_state(name)
        receive(widget, method="update", state={name: value})
        assert widget.get_state(name) == before, name
    for name, value in (("graph", None), ("_esm", "export default {}"), ("frame", "x"), ("layout", None)):
        before = dashboard.view.get_state(name)
        receive(dashboard.view, method="update", state={name: value})
        assert dashboard.view.get_state(name) == before
    assert sum(widget.comm.handle_msg.dropped for widget in widgets) == 16


def test_what_a_person_does_reaches_the_kernel(
    opened: tuple[nv.Trainer, nv.Dashboard, list[ipywidgets.Widget]], said: None
) -> None:
    trainer, dashboard, _ = opened
    controls = dashboard.controls
    assert controls is not None
    before = len(dashboard.panels)
    receive(dashboard.choice, method="update", state={"index": list(kinds_for(trainer.structure)).index("activations")})
    receive(dashboard.adding, method="custom", content={"event": "click"})
    assert type(dashboard.panels[before]) is KINDS["activations"].panel
    receive(controls.learning_rate, method="update", state={"value": 0.5, "max": 9.0})
    receive(controls.batch_size, method="update", state={"index": 2})
    receive(controls.redraw_rate, method="update", state={"value": 3})
    trainer.pause()  # returns when what was asked before is done
    assert (trainer.learning_rate, trainer.batch_size, trainer.redraw_rate_hz) == (0.5, 4, 3.0)
    assert controls.learning_rate.max == 1.0
    (log,) = parts(dashboard, ipywidgets.Checkbox)
    receive(log, method="update", state={"value": False})
    assert log.value is False
    (pointer,) = [one.interaction for one in parts(dashboard, bqplot.Figure) if one.interaction is not None]
    receive(pointer, method="update", state={"selected": [0.0]}, buffer_paths=[])
    assert dashboard.view.step == 0
    receive(pointer, method="update", state={"selected": None}, buffer_paths=[])
    assert dashboard.view.step is None


def test_what_is_disabled_takes_nothing(opened: tuple[nv.Trainer, nv.Dashboard, list[ipywidgets.Widget]]) -> None:
    trainer, dashboard, _ = opened
    controls = dashboard.controls
    assert controls is not None
    controls.learning_rate.disabled = controls.one_step.disabled = True
    receive(controls.learning_rate, method="update", state={"value": 0.5})
    receive(controls.one_step, method="custom", content={"event": "click"})
    trainer.pause()
    assert (trainer.learning_rate, trainer.step) == (pytest.approx(0.1), 0)


def test_a_place_that_no_pointer_has_is_dropped(said: None) -> None:
    panel = nv.TrainingCurves(plane_trainer())
    (figure,) = parts(panel, bqplot.Figure)
    told: list[Any] = [
        [0.0, 1.0],
        [[0.0]],
        ["0"],
        [True],
        [1e308],
        [10**400],
        [float("nan")],
        [float("inf")],
        0.0,
        {"value": 0.0},
        {"dtype": "object", "shape": [1], "type": None, "value": "0"},
    ]
    for value in told:
        receive(figure.interaction, method="update", state={"selected": value})
    receive(
        figure.interaction, [bytes(8)], method="update", state={"selected": {}}, buffer_paths=[["selected", "value"]]
    )
    assert panel.step is None
    assert figure.interaction.comm.handle_msg.dropped == len(told) + 1
    panel.close()
