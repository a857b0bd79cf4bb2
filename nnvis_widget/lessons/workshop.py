"""What the lessons have in common: choices, and a network that is built anew where one is changed."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import ipywidgets

from nnvis_widget.lessons.choices import Choices
from nnvis_widget.training.trainer import Trainer
from nnvis_widget.widgets.cells import ShownInCell, note
from nnvis_widget.widgets.controls import Controls
from nnvis_widget.widgets.labels import Labels
from nnvis_widget.widgets.ownership import close_parts, own


class Workshop(ShownInCell, ipywidgets.VBox):
    """Choices above a network. A choice builds the network anew; what was trained is kept for one click.

    Attributes:
        choices: The choices and sliders.
        back: Button to the network that the last choice gave up, with its run; hidden while there is none.
    """

    _is_closed = True

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self._labels = Labels()
        self.back = ipywidgets.Button(icon="history", layout={"width": "auto", "display": "none"})
        self._labels.put(self.back, description="backShort", tooltip="backButton")
        self.back.add_class("nnvis-back")
        self.back.on_click(lambda _: self._go_back())
        self._trainer = choices.trainer()
        self._chosen = choices.values
        self._given_up: tuple[Trainer, tuple[Any, ...]] | None = None
        super().__init__(self._parts())
        self.add_class("nnvis-workshop")
        self._made = own(self)
        self._is_closed = False
        note(self)

    @property
    def trainer(self) -> Trainer:
        """The training of the network that is shown."""
        return self._trainer

    def close(self) -> None:
        """Take everything off the page and end the training."""
        if self._is_closed:
            return
        self._is_closed = True
        self._trainer.stop()
        self._leave()
        close_parts(self, self._made)
        super().close()
        self._given_up = None

    @abstractmethod
    def _parts(self) -> list[Any]:
        """What is shown, from the top down."""

    @abstractmethod
    def _show(self, trainer: Trainer) -> None:
        """Show another training."""

    @property
    @abstractmethod
    def _controls(self) -> Controls | None:
        """What the training is steered with."""

    @abstractmethod
    def _leave(self) -> None:
        """Close what shows the training."""

    def _is_untrained(self) -> bool:
        """Whether there is nothing to lose: nothing was trained, and no reset can be undone."""
        status = self._trainer.status
        return status.state == "idle" and "undo_reset" not in status.commands

    def _rebuild(self) -> None:
        """Called where a person has chosen something else."""
        old, chosen = self._trainer, self._chosen
        self._take(self.choices.trainer())
        old.pause()
        if old.step:
            if self._given_up is not None:
                self._given_up[0].stop()
            self._given_up = old, chosen
        self.back.layout.display = "none" if self._given_up is None else None

    def _go_back(self) -> None:
        if self._given_up is None:
            return
        (trainer, chosen), self._given_up = self._given_up, None
        self._trainer.stop()
        self.choices.values = chosen
        self._take(trainer)
        if self._controls is not None:
            self._controls.train.focus()  # the button that has the focus goes
        self.back.layout.display = "none"

    def _take(self, trainer: Trainer) -> None:
        self._trainer, self._chosen = trainer, self.choices.values
        self._show(trainer)
