"""Steering a training by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import local
from typing import Any

import ipywidgets

from nnvis_widget.core.command import (
    HYPERPARAMETERS,
    Command,
    Pause,
    Reset,
    Resume,
    RunEpochs,
    RunSteps,
    SetHyperparameter,
    SetPace,
    UndoReset,
)
from nnvis_widget.core.findings import wrong_at
from nnvis_widget.core.pace import CHOICES, pace_text
from nnvis_widget.core.words.language import LANGUAGE
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import CommandError, ModelError
from nnvis_widget.training.steered import MAX_RATE_HZ
from nnvis_widget.training.trainer import Trainer
from nnvis_widget.widgets.cells import ShownInCell, note
from nnvis_widget.widgets.labels import Labels
from nnvis_widget.widgets.ownership import close_parts, own
from nnvis_widget.widgets.page_link import PageLink
from nnvis_widget.widgets.refresher import Refresher

# Where there is little room the sheet of the page sets others.
LABEL_WIDTH = "var(--nnvis-label, 104px)"
VALUE_WIDTH = "var(--nnvis-value, 96px)"
BUTTON_WIDTH = "var(--nnvis-button, 112px)"
LEARNING_RATES = (-5.0, 1.0)
SCALES = (-2.0, 2.0)
BATCH_SIZES = tuple(2**power for power in range(13))


class Controls(ShownInCell, ipywidgets.VBox):
    """Buttons and sliders for a `Trainer`: ordinary ipywidgets, linkable like any others.

    A slider shows what is wanted; beside it stands the value that the training has applied. A value that the trainer
    refuses is explained in the line below.

    Args:
        trainer: The training to steer.

    Attributes:
        train: Button that trains or pauses.
        one_step: Button for a single step.
        one_epoch: Button for a single epoch.
        reset: Button that goes back to the initial weights, at its second click.
        undo: Button back to the network that the last reset gave up; hidden while there is none.
        learning_rate: `FloatLogSlider` from 1e-5 to 10; of a rate on a schedule it only shows the rate.
        schedule_scale: `FloatLogSlider` from 0.01 to 100 that scales a schedule as a whole; hidden where there is none.
        batch_size: `SelectionSlider` over powers of two and the whole of the data; disabled for a stream.
        pace: `Dropdown` of how fast the training goes, from a step a second to as fast as it can.
        redraw_rate: `IntSlider`, snapshots per second at most.
        found: `Label` for what the doctor has found wrong with the steps; hidden where that is nothing.
        message: `Label` for what was refused.

    Raises:
        ModelError: If `trainer` is no `Trainer`.

    Example:
        >>> controls = nv.Controls(trainer)
        >>> ipywidgets.jslink((controls.learning_rate, "value"), (my_slider, "value"))
    """

    _is_closed = True

    def __init__(self, trainer: Trainer, **traits: Any) -> None:
        _expect_trainer(trainer)
        self._trainer: Trainer | None = None
        self._unsubscribe: list[Callable[[], None]] = []
        self._is_reset_asked = False
        self._labels = Labels()
        self._make_buttons()
        self._make_sliders()
        self.message = ipywidgets.Label(layout={"min_height": "28px"})
        self.message.add_class("nnvis-message")
        # for its names: ipywidgets gives its sliders none that a screen reader could say
        self._names = self._labels.put(PageLink("", lambda: None), title="controls")
        self.found = ipywidgets.Label(layout={"display": "none"})
        super().__init__(children=[*self._rows(), self.found, self.message, self._names], **traits)
        self._made = own(self, but=traits.get("layout"))
        self.add_class("nnvis-controls")
        self._refresher = Refresher("nnvis-controls", self._refresh)
        self._is_closed = False
        self._turn_to(trainer)
        LANGUAGE.follow(self)
        note(self)

    @property
    def trainer(self) -> Trainer:
        """What is steered. Setting it steers another training in the same place: no click meanwhile is lost.

        Raises:
            ModelError: If it is no `Trainer`, or the controls are closed.
        """
        if self._trainer is None:
            raise ModelError("Expected open controls, got closed ones. Make new ones: nv.Controls(trainer).")
        return self._trainer

    @trainer.setter
    def trainer(self, value: Trainer) -> None:
        _expect_trainer(value)
        if value is not self.trainer:
            self._turn_to(value)

    def speak(self) -> None:
        """Write all again, in the language of now; `nv.set_language` calls it."""
        if self._is_closed:  # and kept, by Out[n] for one
            return
        self._forget_reset()
        self._refresher.wake()

    def close(self) -> None:
        """Take the controls off the page and let go of the trainer; the training goes on."""
        if self._is_closed:  # or never finished
            return
        self._is_closed = True
        self._leave()
        self._refresher.close()
        close_parts(self, self._made)
        super().close()
        self._trainer = None

    def _turn_to(self, trainer: Trainer) -> None:
        self._leave()
        self._trainer = trainer
        self._applied = {name: getattr(trainer, name) for name in HYPERPARAMETERS}
        self._wanted = dict(self._applied)
        self._fit_sliders(trainer)
        self._unsubscribe = [
            trainer.run.subscribe(lambda _: self._refresher.wake()),
            trainer.subscribe(lambda _: self._refresher.wake()),
        ]
        self.message.value = ""
        self._forget_reset()
        self._refresh()

    def _leave(self) -> None:
        while self._unsubscribe:
            self._unsubscribe.pop()()

    def _make_buttons(self) -> None:
        self.train = self._button("trainButton", "play", "trainHint", self._toggle)
        self.one_step = self._button("oneStepButton", "step-forward", "oneStepHint", lambda: self._post(RunSteps(1)))
        self.one_epoch = self._button(
            "oneEpochButton", "fast-forward", "oneEpochHint", lambda: self._post(RunEpochs(1))
        )
        self.reset = self._button("resetButton", "undo", "resetHint", self._ask_reset, width="auto", flex="1 1 0")
        self.undo = self._button(None, "history", "backButton", self._go_back, width="32px", padding="0")

    def _button(self, text: str | None, icon: str, tooltip: str, act: Callable[[], None], **layout: str) -> Any:
        button = ipywidgets.Button(icon=icon, layout={"width": BUTTON_WIDTH, "min_width": "0"} | layout)
        self._labels.put(button, tooltip=tooltip, **({} if text is None else {"description": text}))

        def click(_: object) -> None:
            if button is not self.reset:
                self._forget_reset()
            act()

        button.on_click(click)
        return button

    def _make_sliders(self) -> None:
        # Continuous, a page writes back what it is told, late and rounded (ipywidgets 8.1.9): nobody's choice.
        stretched = {"width": "auto", "flex": "1 1 96px", "min_width": "96px"}
        quiet: dict[str, Any] = {"readout": False, "continuous_update": False, "layout": stretched}
        self.learning_rate = ipywidgets.FloatLogSlider(max=LEARNING_RATES[1], step=0.05, **quiet)
        self.schedule_scale = ipywidgets.FloatLogSlider(min=SCALES[0], max=SCALES[1], step=0.05, **quiet)
        self.batch_size = ipywidgets.SelectionSlider(options=BATCH_SIZES, **quiet)
        self.redraw_rate = ipywidgets.IntSlider(min=1, max=int(MAX_RATE_HZ), **quiet)
        self.pace = ipywidgets.Dropdown(layout=stretched)
        self._values = [ipywidgets.Label(layout={"width": VALUE_WIDTH, "flex": "0 0 auto"}) for _ in range(4)]
        self._follows = local()  # a person may set a value while another thread follows
        self.pace.observe(self._by_hand(self._set_pace), "value")
        for name in HYPERPARAMETERS:
            getattr(self, name).observe(self._by_hand(partial(self._set, name)), "value")
        self.redraw_rate.observe(self._by_hand(self._set_redraw_rate), "value")

    def _by_hand(self, act: Callable[[Any], None]) -> Callable[[Any], None]:
        """What happens where a person sets a value; not where it follows the trainer."""
        return lambda change: None if getattr(self._follows, "trainer", False) else act(change["new"])

    def _fit_sliders(self, trainer: Trainer) -> None:
        """Set the values of a trainer, and what may be chosen for it."""
        rate, sizes = trainer.learning_rate or 0.001, _sizes(trainer)
        with self._following():
            self.learning_rate.min = min(LEARNING_RATES[0], math.floor(math.log10(rate)))
            self.learning_rate.value = rate
            self.schedule_scale.value = trainer.schedule_scale or 1.0
            self.batch_size.options = sizes
            self.batch_size.value = trainer.batch_size or sizes[0]
            self.batch_size.disabled = trainer.batch_size is None
            self.redraw_rate.value = round(trainer.redraw_rate_hz)

    @contextmanager
    def _following(self) -> Iterator[None]:
        self._follows.trainer = True
        try:
            yield
        finally:
            self._follows.trainer = False

    def _rows(self) -> list[Any]:
        # In the room of one: nothing moves when a reset can be undone.
        reset = ipywidgets.HBox([self.reset, self.undo], layout={"width": BUTTON_WIDTH, "margin": "0"})
        reset.add_class("nnvis-pair")
        buttons = [self.train, self.one_step, self.one_epoch, reset]
        names = ("learningRateLabel", "scheduleLabel", "batchSizeLabel", "redrawsLabel")
        sliders = (self.learning_rate, self.schedule_scale, self.batch_size, self.redraw_rate)
        rows = [self._row(*parts) for parts in zip(names, sliders, self._values, strict=True)]
        self._schedule_row = rows[1]
        row = ipywidgets.HBox(buttons, layout={"flex_flow": "row wrap"})
        return [row, self._row("paceLabel", self.pace), *rows]

    def _row(self, name: str, *parts: Any) -> Any:
        label = self._labels.put(ipywidgets.Label(layout={"width": LABEL_WIDTH, "flex": "0 0 auto"}), value=name)
        return ipywidgets.HBox([label, *parts], layout={"align_items": "center"})

    def _toggle(self) -> None:
        self._post(Pause() if self.trainer.state == "running" else Resume())

    def _go_back(self) -> None:
        self._post(UndoReset())
        self.train.focus()  # the button that has the focus goes

    def _ask_reset(self) -> None:
        if self._is_reset_asked:
            self._forget_reset()
            self._post(Reset())
            return
        self._is_reset_asked = True
        self.reset.description, self.reset.button_style = say("reallyResetButton"), "warning"
        self._show_undo()

    def _forget_reset(self) -> None:
        self._is_reset_asked = False
        self.reset.description, self.reset.button_style = say("resetButton"), ""
        self._show_undo()

    def _show_undo(self) -> None:
        """Not beside the question, which needs the room; Reset gives up its icon for it."""
        is_offered = "undo_reset" in self.trainer.status.commands and not self._is_reset_asked
        self.reset.icon = "" if is_offered else "undo"
        self.undo.layout.display = None if is_offered else "none"

    def _set(self, name: str, value: float) -> None:
        if value != self._wanted[name]:
            self._wanted[name] = value
            self._post(SetHyperparameter(name, value))

    def _set_pace(self, pace: str) -> None:
        if pace != self.trainer.status.pace:
            self._post(SetPace(pace))

    def _set_redraw_rate(self, rate_hz: int) -> None:
        self.trainer.redraw_rate_hz = float(rate_hz)
        self._values[-1].value = f"{rate_hz}"

    def _post(self, command: Command) -> None:
        try:
            self.trainer.post(command)
        except CommandError as error:
            self.message.value = str(error)
        else:
            self.message.value = ""

    def _refresh(self) -> None:
        trainer = self._trainer
        if trainer is None:
            return
        status = trainer.status
        is_running = status.state == "running"
        self.train.description = say("pauseButton" if is_running else "trainButton")
        self.train.icon = "pause" if is_running else "play"
        self.train.button_style = "" if is_running else "primary"
        for button, operation in ((self.one_step, "run_steps"), (self.one_epoch, "run_epochs"), (self.reset, "reset")):
            button.disabled = operation not in status.commands
        self._show_pace(status.pace)
        self._show_undo()
        latest = trainer.run.latest
        hyperparameters = latest.hyperparameters if latest else {}
        is_scheduled = "schedule_scale" in hyperparameters
        self._schedule_row.layout.display = None if is_scheduled else "none"
        for name, label in zip(HYPERPARAMETERS, self._values, strict=False):
            slider, applied = getattr(self, name), hyperparameters.get(name)
            slider.disabled = applied is None or (is_scheduled and slider is self.learning_rate)
            self._show(name, slider, label, applied)
        self._values[-1].value = f"{self.redraw_rate.value}"
        wrong = wrong_at(status.findings, "optimizer")
        self.found.value = " · ".join(one.pill for one in wrong)
        self.found.tooltip = say("gap").join(say("sentence", text=one.title) for one in wrong)
        self.found.layout.display = None if wrong else "none"

    def _show_pace(self, pace: str) -> None:
        """Where the words of the paces change, the one in force stays chosen."""
        with self._following():
            if self.pace.options != _paces(pace):
                self.pace.options = _paces(pace)
            self.pace.value = pace

    def _show(self, name: str, slider: Any, label: Any, applied: float | None) -> None:
        """Tell the applied value; where it changed by another hand than the slider's, the slider follows."""
        if applied is None:
            label.value = say("fixedValue")
            return
        label.value = f"{applied:.3g}"
        if applied != self._applied[name]:
            self._applied[name] = applied
            is_slider = math.isclose(applied, float(slider.value), rel_tol=1e-6)
            if not is_slider and (name != "batch_size" or int(applied) in slider.options):
                self._wanted[name] = int(applied) if name == "batch_size" else applied
                slider.value = int(applied) if name == "batch_size" else applied


def _expect_trainer(trainer: Any) -> None:
    if "trains" not in getattr(trainer, "capabilities", ()):
        raise ModelError(
            f"Expected a Trainer to steer, got {type(trainer).__name__}. Make one: nv.Trainer(model, (x, y))."
        )


def _sizes(trainer: Trainer) -> list[int]:
    count = trainer.scenery.sample_count or BATCH_SIZES[-1]
    return sorted({size for size in BATCH_SIZES if size < count} | {count, trainer.batch_size or 1})


def _paces(pace: str) -> tuple[tuple[str, str], ...]:
    return tuple((pace_text(one), one) for one in (*CHOICES, *({pace} - set(CHOICES))))
