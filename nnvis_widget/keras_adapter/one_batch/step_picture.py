"""A step that is gone through as a small picture of the network: a column a layer, a number a unit, a line a weight."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.steps import Phase
from nnvis_widget.keras_adapter.one_batch.backward import inner_slopes
from nnvis_widget.keras_adapter.one_batch.call_record import Call
from nnvis_widget.keras_adapter.one_batch.facts_of_layer import first_of
from nnvis_widget.keras_adapter.one_batch.slopes import on_host
from nnvis_widget.keras_adapter.one_batch.step_pass import StepPass
from nnvis_widget.keras_adapter.past_weights import value_of, weights_are
from nnvis_widget.stream.step_message import Column, Edges

MOST_UNITS = 12
MOST_COLUMNS = 8


def picture_of(
    step: StepPass, graph: NetworkGraph, phase: Phase, chosen: tuple[str, int] | None
) -> tuple[list[Column], list[Edges]]:
    """The columns and what joins them, as a phase shows them.

    Args:
        step: What was gone through.
        graph: The layers as a view has them folded.
        phase: `init` shows biases and weights, `forward` and `loss` what comes out and w · a, `backward` δ and ∂L/∂w of
            the sample, `update` how biases and weights move.
        chosen: A layer's id and a unit of it, which is drawn whatever its size.

    Returns:
        At most eight columns, around the chosen one where there are more, and in each at most twelve units: the
        largest of the sample.
    """
    with weights_are(step.weights):
        found = _shown(step, graph, chosen)
        kept = _around(found, chosen)
        columns = [one.column(phase) for one in kept]
        pairs = [(at, to) for to in range(len(kept)) for at in range(len(kept)) if kept[to].takes_from(kept[at])]
        edges = [Edges(at, to, kept[to].weights_from(kept[at], phase)) for at, to in pairs]
    return columns, edges


def _shown(step: StepPass, graph: NetworkGraph, chosen: tuple[str, int] | None) -> list[_Shown]:
    """What is drawn of the layers: those of which the pass has numbers."""
    calls: dict[int, Call] = {}
    for made in step.batch.passed.calls:
        if made.put_out is not None:
            calls.setdefault(id(made.operation), made)
    found = []
    for layer in graph.layers:
        call: Call | None = calls.get(id(step.reading.operations.get(layer.id)))
        tensor = None if call is None else first_of(call.put_out)
        if layer.id in graph.inputs and len(graph.inputs) == len(step.inputs):
            call, tensor = None, step.inputs[graph.inputs.index(layer.id)]
        if tensor is not None and len(tensor.shape) > 1 and keras.backend.is_float_dtype(_dtype(tensor)):
            found.append(_Shown(step, layer.id, layer.name, tensor, call, chosen))
    return found


class _Shown:
    """A layer that is drawn: what it put out for the sample, at the middle place where it has several.

    `call` is `None` of an input of the network.
    """

    def __init__(
        self, step: StepPass, layer: str, name: str, tensor: Any, call: Call | None, chosen: tuple[str, int] | None
    ) -> None:
        self.layer, self.name, self.tensor, self.call = layer, name, tensor, call
        self._step = step
        self.whole = on_host(tensor)[step.sample]
        self.place = tuple(size // 2 for size in self.whole.shape[:-1])
        self.values = np.asarray(self.whole[self.place], np.float64)
        unit = chosen[1] if chosen is not None and chosen[0] == layer and chosen[1] < len(self.values) else None
        self.units = _largest(self.values, unit)

    def column(self, phase: Phase) -> Column:
        """Its numbers in a phase; an input of the network has what came in."""
        told: np.ndarray | None = self.values
        if self.call is None:
            pass
        elif phase == "backward":
            told = self._deltas()
        elif phase == "init":
            told = self._bias()
        elif phase == "update":
            told = self._moved(getattr(self.call.operation, "bias", None))
        values = None if told is None else told[list(self.units)]
        return Column(self.layer, self.name, self.units, values, len(self.values), self.place, self.call is None)

    def takes_from(self, source: _Shown) -> bool:
        """Whether what a layer put out comes in here.

        The network's own input is another tensor by then: Keras makes its type and shape that of the layer.
        """
        if self.call is None or source is self:
            return False
        if source.call is not None:
            return any(one is source.tensor for one in self.call.tensors)
        made = {id(first_of(one.put_out)) for one in self._step.batch.passed.calls if one.put_out is not None}
        return any(id(one) not in made and tuple(one.shape) == tuple(source.tensor.shape) for one in self.call.tensors)

    def weights_from(self, source: _Shown, phase: Phase) -> np.ndarray | None:
        """Of each drawn unit before to each drawn unit here; `None` where the layer has no such weights."""
        assert self.call is not None
        kernel = getattr(self.call.operation, "kernel", None)
        if kernel is None or tuple(kernel.shape) != (len(source.values), len(self.values)):
            return None
        part = np.ix_(source.units, self.units)
        if phase == "update":
            moved = self._moved(kernel)
            return None if moved is None else moved[part]
        if phase == "backward":
            deltas = self._deltas()
            return None if deltas is None else np.outer(source.values, deltas)[part]
        weights = np.asarray(on_host(value_of(kernel)), np.float64)
        return weights[part] if phase == "init" else (weights * source.values[:, None])[part]

    def _deltas(self) -> np.ndarray | None:
        found = None if self.call is None else inner_slopes(self._step.batch, self.call)
        return None if found is None else np.asarray(found[1][self.place], np.float64)

    def _bias(self) -> np.ndarray | None:
        bias = None if self.call is None else getattr(self.call.operation, "bias", None)
        if bias is None or tuple(bias.shape) != self.values.shape:
            return None
        return np.asarray(on_host(value_of(bias)), np.float64)

    def _moved(self, variable: Any) -> np.ndarray | None:
        after = None if variable is None else self._step.after(variable)
        if after is None or (after.ndim == 1 and after.shape != self.values.shape):
            return None
        return np.asarray(after, np.float64) - np.asarray(on_host(value_of(variable)), np.float64)


def _largest(values: np.ndarray, chosen: int | None) -> tuple[int, ...]:
    if len(values) <= MOST_UNITS:
        return tuple(range(len(values)))
    sizes = np.where(np.isfinite(values), np.abs(values), np.inf)
    largest = np.argsort(-sizes, kind="stable")[:MOST_UNITS].tolist()  # of equal ones the first: no picture jumps
    if chosen is not None and chosen not in largest:
        largest[-1] = chosen
    return tuple(sorted(largest))


def _around(found: list[_Shown], chosen: tuple[str, int] | None) -> list[_Shown]:
    if len(found) <= MOST_COLUMNS:
        return found
    centre = next((at for at, one in enumerate(found) if chosen is not None and one.layer == chosen[0]), len(found) - 1)
    first = min(max(1, centre - MOST_COLUMNS // 2), len(found) - MOST_COLUMNS + 1)
    return [found[0], *found[first : first + MOST_COLUMNS - 2], found[-1]]


def _dtype(tensor: Any) -> str:
    return str(keras.backend.standardize_dtype(tensor.dtype))
