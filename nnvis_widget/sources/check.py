"""Looking a model and its data over before any training."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nnvis_widget.control.cadence import Cadence
from nnvis_widget.core.finding import Finding, Place
from nnvis_widget.core.findings import Findings
from nnvis_widget.core.plain_text import sentence
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.errors import DataError, ModelError
from nnvis_widget.keras_adapter.check_data import check_model
from nnvis_widget.keras_adapter.examination import Examination
from nnvis_widget.keras_adapter.observer import Observer
from nnvis_widget.keras_adapter.read.read_structure import check_model as check_is_model
from nnvis_widget.keras_adapter.read_data import FeedOptions, read_data, read_scenery
from nnvis_widget.run.run import Run


def check(model: Any, data: Any, validation_data: Any = None) -> Findings:
    """What is wrong with a model and its data before the first step; nothing is trained and nothing changes.

    Args:
        model: A compiled Keras model; an unbuilt one is built from the data, as `fit` does it.
        data: As for `Trainer`. Of a stream the first batch is looked at.
        validation_data: Likewise; a dataset of `nv.datasets` brings its own.

    Returns:
        What was found, what is fine, and what could not be checked and why. What `Trainer` would refuse is a fault
        among them, not an error.

    Raises:
        ModelError: If `model` is no Keras model.

    Cost: one pass over the inputs, at most 10,000 rows of them in float64, and one forward and backward pass of at most
    256 rows.

    Example:
        >>> print(nv.check(model, (x, y)).describe())
        Nothing wrong was found.
        ...
    """
    check_is_model(model)
    refusal, scenery = "", Scenery()
    try:
        check_model(model)
        read_data(model, data, FeedOptions())
        scenery = read_scenery(model, data, validation_data)
    except (DataError, ModelError) as error:
        refusal = sentence(error)
        scenery = _as_far_as_it_fits(model, data, validation_data)
    examination = Examination(Observer(model, scenery, Run(), Cadence()).forward)
    failure = ""
    try:
        examination.look()
    except Exception as error:
        failure = f"the model could not be run on the data: {sentence(error)}"
    found = examination.doctor.findings
    if refusal:
        found = replace(found, all=(_refused(refusal), *found.all))
    if failure and not refusal:
        found = replace(found, not_checked={**found.not_checked, "what is measured": failure})
    return found


def _as_far_as_it_fits(model: Any, data: Any, validation_data: Any) -> Scenery:
    try:
        return read_scenery(model, data, validation_data)
    except (DataError, ModelError):
        return Scenery()


def _refused(text: str) -> Finding:
    return Finding("does_not_fit", Place("data"), 0, 0, "fault", 0.0, 0.0, says={"why": text.rstrip(".")})
