"""What a person chooses of a network that tells two kinds of points apart, and the training that comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets

from nnvis_widget.core.dataset import Dataset
from nnvis_widget.core.words.language import LANGUAGE
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import DataError
from nnvis_widget.lessons.feature_choice import FeatureChoice
from nnvis_widget.lessons.networks import classifier, until_it_no_longer_learns
from nnvis_widget.lessons.own_points import NAME as OWN
from nnvis_widget.lessons.own_points import OwnPoints
from nnvis_widget.training.data import datasets
from nnvis_widget.training.trainer import Trainer
from nnvis_widget.widgets.controls import LABEL_WIDTH
from nnvis_widget.widgets.labels import Labels
from nnvis_widget.widgets.page_link import PageLink
from nnvis_widget.widgets.picture_choice import PictureChoice, rows_of

DATA: Mapping[str, Callable[..., Dataset]] = {
    "Moons": datasets.moons,
    "Circles": datasets.circles,
    "XOR": datasets.xor,
    "Spiral": datasets.spiral,
    "Gaussians": datasets.gaussians,
}
ACTIVATIONS = ("tanh", "relu", "sigmoid", "elu")
NAMES = {
    "Moons": "moons",
    "Circles": "circles",
    "XOR": "xor",
    "Spiral": "spiral",
    "Gaussians": "gaussians",
    OWN: "ownPoints",
}
PENALTIES = {"none": None} | {f"{norm} {rate}": (norm, rate) for norm in ("L1", "L2") for rate in (0.001, 0.01)}


class Choices:
    """Choices and sliders, ordinary ipywidgets, in the order they are shown.

    Args:
        data: The data set to begin with, a key of `DATA`.
        samples: Points, those for validation included.
        batch_size: Of the training.
        changed: Called after a person has chosen something else.
        is_untrained: Whether nothing is lost where another network takes the place of the one that is shown.

    Raises:
        DataError: If there is no such data set.
    """

    def __init__(
        self,
        data: str,
        samples: int,
        batch_size: int,
        changed: Callable[[], None],
        is_untrained: Callable[[], bool],
    ) -> None:
        known = {name.casefold(): name for name in DATA}
        if not isinstance(data, str) or data.casefold() not in known:
            raise DataError(f"Expected one of {', '.join(known)}, got data={data!r}. Choose one such as 'moons'.")
        self._samples = samples
        self._batch_size = batch_size
        self._changed = changed
        self._is_untrained = is_untrained
        self._labels = Labels()
        pictures = PictureChoice(_data_sets(), known[data.casefold()])
        pictures.add_class("nnvis-data")
        self.data = self._labels.put(pictures, description="dataChoice")
        self.noise = self._slider(ipywidgets.FloatSlider, "noiseChoice", 0.15, 0.0, 0.5, 0.05)
        self.layers = self._slider(ipywidgets.IntSlider, "layersChoice", 2, 0, 5, 1)
        self.units = self._slider(ipywidgets.IntSlider, "unitsChoice", 6, 1, 16, 1)
        self.activation = self._choice("activationChoice", ACTIVATIONS, "tanh")
        self.penalty = self._choice("penaltyChoice", _penalties(), "none")
        self.dropout = self._slider(ipywidgets.FloatSlider, "dropoutChoice", 0.0, 0.0, 0.5, 0.05)
        self.features = FeatureChoice()
        self.widgets = (
            *(self.data, self.noise, self.layers, self.units, self.activation, self.penalty, self.dropout),
            *self.features.boxes.values(),
        )
        self.own = OwnPoints(self._draw, lambda: self._changed())
        self._given = self.data.value
        self._drawn: Dataset | None = None
        for widget in self.widgets:
            widget.observe(self._tell, "value")
        LANGUAGE.follow(self)
        self._show_data()

    def box(self, back: Any) -> Any:
        """All of them in a grid, named for a screen reader; with the way back beside the data."""
        names = self._labels.put(PageLink("", lambda: None), title="choices")
        data, *single = [widget for widget in self.widgets if widget not in self.features.boxes.values()]
        box = ipywidgets.Box([data, back, *single, self.features.row, self.own.box, names])
        box.add_class("nnvis-choices")
        lesson = ipywidgets.VBox([box])
        lesson.add_class("nnvis-lesson")
        return lesson

    def speak(self) -> None:
        """Name what can be chosen again, in the language of now; what is chosen stays so, and nobody is told."""
        values, changed = self.values, self._changed
        self._changed = lambda: None
        self.data.options, self.penalty.options = list(_data_sets()), _penalties()
        self.values = values
        self._changed = changed

    @property
    def values(self) -> tuple[Any, ...]:
        """What is chosen, in the order of `widgets`, and the data that are trained on; setting it tells nobody."""
        return (*(widget.value for widget in self.widgets), self._given, self._drawn)

    @values.setter
    def values(self, values: tuple[Any, ...]) -> None:
        changed, self._changed = self._changed, lambda: None
        *chosen, given, drawn = values
        for widget, value in zip(self.widgets, chosen, strict=True):
            widget.value = value
        self._given, self._drawn = given, drawn
        self._changed = changed
        self.own.tell(drawn)

    def trainer(self) -> Trainer:
        """A training of the network that is chosen: the same choices give the same weights."""
        if self.data.value == OWN:
            self._drawn = self.own.data or self._drawn
            self.own.tell(self._drawn)
        data = self._drawn or DATA[self._given](n=self._samples, noise=self.noise.value, seed=0)
        model = classifier(
            f"{data.name}_mlp",
            [self.units.value] * self.layers.value,
            self.activation.value,
            PENALTIES[self.penalty.value],
            self.dropout.value,
            self.features.chosen,
        )
        return Trainer(model, data, batch_size=self._batch_size, callbacks=[until_it_no_longer_learns()])

    def _choice(self, label: str, options: tuple[Any, ...], value: str) -> Any:
        return self._labels.put(ipywidgets.Dropdown(options=options, value=value, **_shape()), description=label)

    def _slider(self, kind: type, label: str, value: float, low: float, high: float, step: float) -> Any:
        slider = kind(value=value, min=low, max=high, step=step, continuous_update=False, **_shape())
        return self._labels.put(slider, description=label)

    def _tell(self, change: Any) -> None:
        is_own = self.data.value == OWN
        if change["owner"] is self.data:
            self.own.show(is_own)
            if not is_own:
                self._given, self._drawn = self.data.value, None
        self.noise.disabled = is_own
        if change["owner"] is self.noise:
            self._show_data()
        if change["owner"] is not self.data or not is_own or self.own.data is not None:
            self._changed()

    def _draw(self) -> None:
        self._show_data()
        if self.data.value == OWN and self.own.data is not None and self._is_untrained():
            self._changed()
        else:
            self.own.tell(self._drawn)

    def _show_data(self) -> None:
        """The pictures of what there is to choose, as it is with this noise, and of what is drawn."""
        data = {name: make(n=self._samples, noise=self.noise.value, seed=0) for name, make in DATA.items()}
        self.data.show({name: rows_of(given) for name, given in data.items()} | {OWN: self.own.rows})


def _data_sets() -> tuple[tuple[str, str], ...]:
    return tuple((say(NAMES[name]), name) for name in (*DATA, OWN))


def _penalties() -> tuple[tuple[str, str], ...]:
    return tuple((say("none") if name == "none" else name, name) for name in PENALTIES)


def _shape() -> dict[str, Any]:
    return {"style": {"description_width": LABEL_WIDTH}, "layout": {"width": "auto"}}
