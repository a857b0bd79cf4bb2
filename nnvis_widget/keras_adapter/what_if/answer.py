"""What a model answers with changes: both numbers by true passes of the same kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from nnvis_widget.core.fit_changes import fit_changes
from nnvis_widget.core.plain_text import plain, sentence
from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.want import Wants
from nnvis_widget.core.what_if import Changes
from nnvis_widget.core.what_if_answer import Flip, Output, Pair, WhatIfAnswer
from nnvis_widget.core.words.kept_text import kept_text
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.forward import Forward, ready
from nnvis_widget.keras_adapter.past_weights import Pairs, weights_are
from nnvis_widget.keras_adapter.probes import PROBES
from nnvis_widget.keras_adapter.probes.activations import PROBE_BATCH, probe_rows
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.probes.probe_batch import loss_scope, probe_batch
from nnvis_widget.keras_adapter.stateless import stateless
from nnvis_widget.keras_adapter.taps import OUTPUT, first
from nnvis_widget.keras_adapter.to_numpy import to_numpy
from nnvis_widget.keras_adapter.what_if.changed import changed, present
from nnvis_widget.keras_adapter.what_if.held_units import units_held
from nnvis_widget.reduce.confusion import predicted_classes, true_classes
from nnvis_widget.reduce.verdict import class_label
from nnvis_widget.run.lacking import LEARNT

MOST_OUTPUTS = 64
MOST_FLIPS = 64


class _Told(NamedTuple):
    """What the probe batch and the sample that is looked at give."""

    outputs: np.ndarray
    of_sample: np.ndarray
    loss: float | None
    metrics: Mapping[str, float]


def answer_of(
    forward: Forward, structure: NetworkStructure, changes: Changes, snapshot: Snapshot, wants: Wants, sample: int
) -> WhatIfAnswer:
    """What the model answers with changes, and its picture.

    Nothing of the model is moved: its variables are read, everything else happens in a scope that is thrown away.

    Args:
        forward: The way through the model as it is.
        structure: It at every depth.
        changes: What is tried.
        snapshot: What was just measured of the model as it is.
        wants: What is measured of the picture.
        sample: Whose outputs are told.

    Raises:
        ModelError: If a change cannot be tried on this model, in words for a person.
        ValueError: If one does not fit it.
    """
    changes = fit_changes(changes, structure)
    with forward.look():
        tried = changed(forward, structure, changes)
        known = present(forward.model)
        before = _tell(forward, known, sample)
        with units_held(forward.operations, tried.units) as expect_called:
            after = _tell(tried.forward, tried.pairs, sample)
            with weights_are(tried.pairs), tried.forward.look():
                tensors = _measure(tried.forward, wants)
                if after is not None:
                    expect_called(lambda: _pass_whole(tried.forward, sample))
    drawn = replace(snapshot, tensors=tensors)
    answer = WhatIfAnswer(changes, snapshot.moment, sample, held=tried.held, was=tried.was, snapshot=drawn)
    return answer if before is None or after is None else _compared(answer, forward, before, after)


def _measure(forward: Forward, wants: Wants) -> Tensors:
    """All of the picture; how a unit learns is told of the model itself only, for the next step is one of it."""
    wants = frozenset(want for want in wants if want.quantity not in LEARNT)
    tensors: Tensors = {}
    for probe in (make() for make in PROBES):
        asked = frozenset(want for want in wants if probe.answers(want))
        if asked:
            tensors |= probe.measure(asked, forward)
    return tensors


def _pass_whole(forward: Forward, sample: int) -> None:
    """One sample through all of the model: what is told above is of its first output."""
    rows, whole = forward.rows_around(sample, 1), forward.whole()
    stateless(lambda batch: first(whole(forward.pack(batch))), forward.model)(ready(forward.scenery.batch(rows)))


def _tell(forward: Forward, pairs: Pairs, sample: int) -> _Told | None:
    """Outputs, loss and metrics with some weights; `None` where there are no samples, or no single output."""
    rows = probe_rows(forward)
    if not rows:
        return None
    batch = probe_batch(forward, PROBE_BATCH)
    with weights_are(pairs):
        of_sample = forward.run([OUTPUT], forward.scenery.batch([sample]))
        if of_sample is None or OUTPUT not in of_sample:
            return None
        one = of_sample.value(OUTPUT)[0]
        if batch is None:
            outputs = forward.run([OUTPUT], forward.scenery.batch(rows))
            return None if outputs is None else _Told(outputs.value(OUTPUT), one, None, {})
        found, loss, metrics = stateless(_with_loss(forward), forward.model)(ready(batch))
    numbers = {name: to_numpy(value) for name, value in metrics.items()}
    return _Told(
        to_numpy(found),
        one,
        float(to_numpy(loss)),
        {name: float(value) for name, value in numbers.items() if value.ndim == 0},
    )


def _with_loss(forward: Forward) -> Any:
    model, whole, count = forward.model, forward.whole(), len(forward.scenery.inputs)
    # Metrics that are not built yet would be built by this, and their variables with them.
    has_metrics = all(getattr(metric, "built", True) for metric in model.metrics)

    def told(batch: Sequence[Any]) -> tuple[Any, Any, dict[str, Any]]:
        with loss_scope(model):
            x, targets, weights = forward.pack(batch[:count]), batch[count], (*batch[count + 1 :], None)[0]
            outputs = whole(x)
            for metric in model.metrics if has_metrics else ():
                metric.reset_state()
            loss = model.compute_loss(x, targets, outputs, weights, training=False)
            metrics = model.compute_metrics(x, targets, outputs, weights) if has_metrics else {}
        return first(outputs), loss, {name: value for name, value in metrics.items() if name != "loss"}

    return told


def _label(index: int, names: Sequence[str], noun: str = "className") -> str:
    """What a class or an output is called, in the language of whenever it is shown."""
    return kept_text(partial(class_label, names, index, noun))


def _compared(answer: WhatIfAnswer, forward: Forward, before: _Told, after: _Told) -> WhatIfAnswer:
    scenery, names = forward.scenery, forward.scenery.names
    units = zip(before.of_sample.reshape(-1)[:MOST_OUTPUTS], after.of_sample.reshape(-1)[:MOST_OUTPUTS], strict=True)
    task = scenery.task
    is_one_each = before.outputs.ndim == 2 and before.outputs.shape[1] > 1
    noun = "className" if task.has_classes and is_one_each else "outputName"
    outputs = tuple(
        Output(_label(unit, names if is_one_each else (), noun), float(one), float(other))
        for unit, (one, other) in enumerate(units)
    )
    metrics = {
        name: Pair(value, after.metrics[name]) for name, value in before.metrics.items() if name in after.metrics
    }
    told = replace(
        answer,
        outputs=outputs,
        loss=None if before.loss is None or after.loss is None else Pair(before.loss, after.loss),
        metrics=metrics,
        rows=len(before.outputs),
    )
    if not task.has_classes or before.outputs.ndim != 2:
        return told
    said = [predicted_classes(each.outputs, task) for each in (before, after)]
    targets = None if scenery.targets is None else np.asarray(scenery.targets[: len(said[0])])
    true = None if targets is None else true_classes(targets, before.outputs.shape[1], task)
    flipped = np.flatnonzero(said[0] != said[1])

    flips = tuple(
        Flip(
            int(row),
            _label(int(said[0][row]), names),
            _label(int(said[1][row]), names),
            "" if true is None or true[row] < 0 else _label(int(true[row]), names),
        )
        for row in flipped[:MOST_FLIPS]
    )
    if true is not None and not metrics:
        metrics = {"right": Pair(*(float(np.mean(one == true)) for one in said))}
    return replace(told, metrics=metrics, flip_count=len(flipped), flips=flips)


def refused(changes: Changes, snapshot: Snapshot, sample: int, error: Exception) -> WhatIfAnswer:
    """What is told where it cannot be computed."""
    is_ours = isinstance(error, ModelError | ValueError) and str(error).startswith("Expected")
    words = plain(str(error)) if is_ours else f"{type(error).__name__}: {sentence(error)}"
    return WhatIfAnswer(changes, snapshot.moment, sample, problem=words)
