"""Every example in a docstring runs as it is written."""

from __future__ import annotations

import ast
import doctest
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import ipywidgets
import keras
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

import nnvis_widget as nv
from nnvis_widget.diagnosis import registry
from tests.keras.models import reading_data, reading_net

PACKAGE = Path(nv.__file__).parent
KINDS_WITH_DOCSTRINGS = (ast.Module, ast.ClassDef, ast.FunctionDef)


def docstrings_with_examples() -> Iterator[Any]:
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            text = ast.get_docstring(node) if isinstance(node, KINDS_WITH_DOCSTRINGS) else None
            if text and ">>>" in text:
                name = getattr(node, "name", file.stem)
                yield pytest.param(text, id=f"{file.relative_to(PACKAGE)}:{name}")


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What an example may take for granted: a small classifier of its own, its data, a trainer and a view on a page."""
    monkeypatch.chdir(tmp_path)
    keras.utils.set_random_seed(0)
    data = nv.datasets.gaussians(n=64, seed=0)
    x, y = np.asarray(data.inputs), np.asarray(data.targets)
    layers = [keras.layers.Dense(4, "tanh", name="dense"), keras.layers.Dense(2, "softmax", name="dense_1")]
    model = keras.Sequential([keras.Input((2,)), *layers])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    trainer = nv.Trainer(model, (x, y))
    view = nv.NetworkView(model, data=(x, y))
    InteractiveShell().display_formatter.format(view)
    yield {
        **{"nv": nv, "keras": keras, "ipywidgets": ipywidgets, "model": model, "trainer": trainer, "view": view},
        **{"x": x, "y": y, "x_test": x, "y_test": y, "my_slider": ipywidgets.FloatSlider()},
        "several": two_inputs(),
        "transformer": reading_trainer(),
        "MyDense": type("MyDense", (keras.layers.Dense,), {}),
        "Mixture": type("Mixture", (keras.layers.Layer,), {}),
    }
    trainer.stop()
    nv.set_language("auto")


@cache
def reading_trainer() -> nv.Trainer:
    """Of a model with an embedding and attention."""
    return nv.Trainer(reading_net(), reading_data())


def two_inputs() -> keras.Model:
    """A model with two inputs, compiled for classes."""
    inputs = [keras.Input((2,)), keras.Input((3,))]
    model = keras.Model(inputs, keras.layers.Dense(2, "softmax")(keras.layers.Concatenate()(inputs)))
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


@pytest.mark.parametrize("docstring", list(docstrings_with_examples()))
def test_every_example_runs(docstring: str, names: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_registered", {})  # a rule that an example brings is not for the tests behind it
    for example in doctest.DocTestParser().get_examples(docstring):
        exec(compile(example.source, "<example>", "single"), names)
