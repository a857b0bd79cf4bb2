"""Somebody at a page: looks around, and presses what there is to press."""

from __future__ import annotations

from random import Random
from typing import Any

import keras

import nnvis_widget as nv
from nnvis_widget.keras_adapter.steering import rates_of
from tests.keras.page import Page, told_layers
from tests.limits import PATIENCE_S

from .programs import ROWS

EDGES = ["weight", "signal", "gradient"]
MOST_PRESSED = 12


class Person:
    """Looks at something else each time.

    Args:
        page: Where.
        seed: Of the choices.
    """

    def __init__(self, page: Page, seed: int) -> None:
        self.page = page
        self.random = Random(seed)

    def look(self) -> None:
        page, chance = self.page, self.random
        layers = [layer for layer in told_layers(page.graph or {"layers": []}) if layer["units"]]
        match chance.randrange(8):
            case 0:
                page.sample = chance.randrange(ROWS)
            case 1 if layers:
                layer = chance.choice(layers)
                page.selection = {"layer": layer["id"], "unit": chance.randrange(layer["units"])}
            case 2:
                page.edges = chance.choice(EDGES)
            case 3:
                page.detail = chance.choice(["bundles", "top", "all"])
            case 4:
                page.units = chance.choice(["field", "activation"])
            case 5:
                page.ask("seek", step=chance.randrange(3))
            case 6:
                page.ask("go_live")
            case _:
                assert page.describe()

    def set_there_and_back(self, name: str, value: float, other: float) -> None:
        """Nothing is trained between the two."""
        for wanted in (other, value):
            self.page.ask("set_hyperparameter", name=name, value=wanted)

    def train(self, trainer: nv.Trainer, can_reset: bool) -> str:
        """Bring a training to its end, in pieces."""
        page, chance = self.page, self.random
        for _ in range(MOST_PRESSED):
            self.look()
            match chance.randrange(6):
                case 0:
                    page.ask("run_steps", count=chance.randint(1, 3))
                case 1:
                    page.ask("run_epochs", count=1)
                case 2:
                    page.ask("start")
                    page.ask("pause")
                case 3 if trainer.schedule_scale:
                    self.set_there_and_back("schedule_scale", trainer.schedule_scale, 2 * trainer.schedule_scale)
                case 3 if trainer.learning_rate:
                    self.set_there_and_back("learning_rate", trainer.learning_rate, 2 * trainer.learning_rate)
                case 4 if trainer.batch_size:
                    self.set_there_and_back("batch_size", trainer.batch_size, 2)
                case _ if can_reset and chance.random() < 0.2:
                    page.ask("reset")
            state = trainer.wait(PATIENCE_S)
            if state in ("finished", "failed", "running"):
                return state
        trainer.start()
        return trainer.wait(PATIENCE_S)


class Looks(keras.callbacks.Callback):
    """A person at the page of a `fit`, seen to after each batch."""

    def __init__(self, person: Person) -> None:
        super().__init__()
        self._person = person

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        person, model = self._person, self.model  # on JAX to ask for the model is what brings it up to date
        person.look()
        if person.random.random() < 0.3:
            for name, value in rates_of(model).items():
                person.set_there_and_back(name, value, 2 * value)
        if person.random.random() < 0.5:  # more often than its share of the time allows
            person.page.source.obey()
            person.page.source.observe({})
