"""Does what Python writes speak one language, out of the catalogue, and change it at once?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import bqplot
import keras
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.core.words import say as saying
from nnvis_widget.core.words.catalogue import Entry, words_of
from nnvis_widget.dashboard.kinds import KINDS, kinds_for
from nnvis_widget.widgets.ownership import all_parts_of
from nnvis_widget.widgets.page_link import PageLink

from ..keras.models import SIGNS, reading_data, reading_net
from ..nobodys_language import in_brackets, uncatalogued
from ..panels.helpers import parts, plane_trainer, wait_until

TEXTS = ("description", "tooltip", "value", "title", "words", "placeholder")
CHINESE = re.compile("[\u4e00-\u9fff]")
# Names of layers, parameters, classes and activations, of the format of numbers, of norms, and what is in HTML.
OWN = [
    "plane",
    "hidden",
    "out",
    "input",
    "input_layer",
    "kernel",
    "bias",
    "relu",
    "tanh",
    "sigmoid",
    "linear",
    "softmax",
    "ReLU",
    "Dense",
    "InputLayer",
    "Adam",
    "SGD",
    "NaN",
    "amp",
    "nbsp",
    "gt",
    "lt",
    "loss",
    "val_loss",
    "accuracy",
    "val_accuracy",
    "binary_accuracy",
    "L1",
    "L2",
    "elu",
    "class_0",
    "class_1",
    "moons_mlp",
    "dense_1",
    "dense_2",
    "sin",
    "cos",
    "points",
    "dense",
]


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    nv.set_language(None)


@pytest.fixture
def trainer() -> Iterator[nv.Trainer]:
    trainer = plane_trainer()
    trainer.run_steps(3)
    trainer.wait(60)
    yield trainer
    trainer.stop()


def texts_of(*widgets: Any) -> list[str]:
    """All that a person reads or hears of them, without tags and style sheets."""
    found: list[str] = []
    for part in all_parts_of(*widgets):
        for name in TEXTS:
            value = getattr(part, name, None)
            is_choice = name == "value" and hasattr(part, "options")
            found += [value] if isinstance(value, str) and not is_choice else []
        found += [one[0] if isinstance(one, tuple) else str(one) for one in getattr(part, "options", ())]
        found += [*map(str, part.text)] if isinstance(part, bqplot.Label) else []
        found += getattr(part, "tooltips", ())
    return [text for one in found if "<style" not in one for text in pieces(one)]


def pieces(html: str) -> list[str]:
    said = re.findall(r'(?:title|aria-label)="([^"]*)"', html)
    return [one for one in [*said, *re.split(r"<[^>]*>", html)] if one.strip()]


def everything(dashboard: nv.Dashboard) -> list[str]:
    described = [line for one in (dashboard.view, *dashboard.panels) for line in one.describe().splitlines()]
    return [*texts_of(dashboard), *described]


def test_every_word_that_python_writes_is_in_the_catalogue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spoken: dict[str, Entry] = {key: in_brackets(entry) for key, entry in words_of("en").items()}
    monkeypatch.setattr(saying, "words_of", lambda language: spoken)
    trainer = nv.Trainer(reading_net(), reading_data())
    dashboard = nv.Dashboard(trainer, panels=list(KINDS))
    structure = trainer.structure
    names = [one for layer in structure.layers for one in (layer.name, layer.path, layer.type)]
    names += [one for group in structure.groups for one in (group.name, group.card.type)]
    own = [
        *OWN,
        *trainer.scenery.names,
        *SIGNS,
        *names,
        *(p.name for layer in structure.layers for p in layer.parameters),
    ]
    found = uncatalogued(everything(dashboard), own)
    dashboard.close()
    assert found == []


def test_so_is_every_choice_of_a_lesson(monkeypatch: pytest.MonkeyPatch) -> None:
    spoken: dict[str, Entry] = {key: in_brackets(entry) for key, entry in words_of("en").items()}
    monkeypatch.setattr(saying, "words_of", lambda language: spoken)
    playground = nv.playground()
    found = uncatalogued(texts_of(playground), OWN)
    playground.close()
    assert found == []


def test_all_of_a_page_changes_its_language_at_once_and_nothing_else(trainer: nv.Trainer) -> None:
    dashboard = nv.Dashboard(trainer, panels=kinds_for(trainer.structure))
    playground = nv.playground()
    english, choices = everything(dashboard), playground.choices.values
    pace, kind = trainer.pace, dashboard.choice.value
    nv.set_language("zh")
    assert dashboard.controls is not None
    button = dashboard.controls.train
    wait_until(lambda: button.description == "训练", "controls in Chinese")
    assert dashboard.panels[0].describe().startswith("权重")
    assert dashboard.view.describe().startswith("plane：")
    assert next(label for label, _ in dashboard.choice.options) == "权重"
    assert playground.choices.data.description == "数据"
    assert (trainer.pace, dashboard.choice.value, dashboard.arrangement) == (pace, kind, "split")
    assert playground.choices.values == choices
    names = [link.title for link in parts(dashboard, PageLink)]
    assert [name for name in names if not CHINESE.search(name)] == []
    nv.set_language("en")
    wait_until(lambda: everything(dashboard) == english, "everything in English again")
    dashboard.close()
    playground.close()


def test_a_name_in_arabic_stays_in_its_place() -> None:
    """Isolated, so that what stands after it does not change its direction."""
    nv.set_language("zh")
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    data = replace(nv.datasets.moons(n=20, noise=0.1, seed=0), class_names=("قط", "كلب"))
    view = nv.NetworkView(model, data=data)
    assert re.search("样本 0：预测 [01] \u2068(قط|كلب)\u2069，", view.describe())
    view.close()


def language_of(view: nv.NetworkView) -> tuple[str, dict[str, list[Any]]]:
    """What a page gets of it."""
    state = view.get_state()
    return state["_language"], state["_words"]


def test_a_view_sends_the_words_of_the_language_that_was_chosen(trainer: nv.Trainer) -> None:
    view = nv.NetworkView(trainer)
    assert language_of(view) == ("", {})
    nv.set_language("zh")
    for one in (view, nv.NetworkView(trainer)):
        language, words = language_of(one)
        assert language == "zh"
        assert "训练" in words["zh"]
    view.close()


def test_an_error_is_english_in_every_language() -> None:
    nv.set_language("zh")
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(nv.errors.ModelError) as told:
        nv.ConfusionMatrix(model, data=(np.zeros((4, 2)), np.zeros(4)))
    assert not CHINESE.search(str(told.value))
    with pytest.raises(nv.errors.DataError) as told_too:
        nv.PointPad().dataset()
    assert not CHINESE.search(str(told_too.value))
