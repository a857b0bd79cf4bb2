"""One way through a model for all probes, true to the model and without a trace in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.graph import UNIT_LIMIT, Layer, NetworkGraph
from nnvis_widget.core.limits import MAP_LIMIT, RESULT_LIMIT
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.errors import DataError
from nnvis_widget.keras_adapter.arrays import is_number
from nnvis_widget.keras_adapter.outputs import Outputs
from nnvis_widget.keras_adapter.own_code import read_own_code
from nnvis_widget.keras_adapter.samples import as_model_has_it, input_tensors, packed
from nnvis_widget.keras_adapter.seen_outputs import see_outputs
from nnvis_widget.keras_adapter.stateless import stateless
from nnvis_widget.keras_adapter.symbols import fixed_batch_size
from nnvis_widget.keras_adapter.taps import OUTPUT, Arrays, Function, Pass, Tap, Taps
from nnvis_widget.keras_adapter.variable_reader import VariableReader
from nnvis_widget.keras_adapter.within import Within


class Forward:
    """Runs a model forward in inference mode, through the person's own layers and structures.

    Nothing that a training uses is moved: states of random generators, counters and recurrent layers are written into a
    scope that is thrown away. Each set of taps is compiled once where TensorFlow is the backend (0.5 ms instead of 5),
    for any number of samples, from its second run on: a model that is only looked at appears without the wait for
    tracing (0.3 s).

    Args:
        model: A built model.
        graph: Its outermost layers.
        operations: The Keras layers by id, at every depth where there is a structure.
        scenery: The samples that it is looked at with.
        structure: The model at every depth; `None` where its outermost layers are all there is.

    Attributes:
        whole_graph: Every layer, at every depth.
        within: What can be taken out of it beside what its outermost layers put out.
        told: Outputs of this look that are to be told otherwise than a processor computed them.
        is_owed: Whether something was left out of this look that takes too long while steps are taken.
        is_at_rest: Whether no step is taken meanwhile, so that a look may take its time.
        step_size: How many samples a step takes.
    """

    def __init__(
        self,
        model: Any,
        graph: NetworkGraph,
        operations: Mapping[str, Any],
        scenery: Scenery,
        structure: NetworkStructure | None = None,
    ) -> None:
        self.model = model
        self.graph = graph
        self.whole_graph = structure.whole if structure is not None and structure.held else graph
        self.operations = operations
        self.scenery = scenery
        self.batch_size = fixed_batch_size(model)
        self._layers = {layer.id: layer for layer in graph.layers if layer.id not in graph.inputs}
        self._taps = Taps(model, operations, next(reversed(self._layers), ""), self.pack)
        self.within = Within(graph, operations, structure)
        self._layers |= self.within.layers
        self._passes: dict[tuple[tuple[Tap, ...], Callable[[Any], Any] | None], Pass | None] = {}
        self._looked: dict[tuple[object, ...], Outputs] = {}
        self._reader: VariableReader | None = None
        self.told: Mapping[TensorKey, np.ndarray] = {}
        self.is_at_rest, self.is_owed = True, False
        self.step_size = 32

    @contextmanager
    def look(self) -> Iterator[None]:
        """Within it what was put out and read is remembered; afterwards the model may have changed."""
        self._reader = VariableReader()
        try:
            yield
        finally:
            self._looked, self.told, self._reader = {}, {}, None

    @property
    def reader(self) -> VariableReader:
        """Reads the variables of this look."""
        return self._reader or VariableReader()

    def layer(self, layer_id: str) -> Layer:
        """A layer that is run through, at whatever depth; `KeyError` where there is none."""
        return self._layers[layer_id]

    @property
    def layer_ids(self) -> frozenset[str]:
        """Of the layers that are run through."""
        return frozenset(self._layers)

    def layers_between(self, least: int, most: int) -> tuple[str, ...]:
        """Ids of the layers, without inputs, that put out so many elements for one sample."""
        return tuple(layer.id for layer in self._layers.values() if least <= layer.element_count <= most)

    def inputs(self, rows: Sequence[int]) -> dict[str, np.ndarray]:
        """The numbers that some samples bring to each input layer, by its id, samples first.

        None of an input of other things, nor where one card stands for several inputs.
        """
        batch, tensors = ready(self.scenery.batch(rows)), input_tensors(self.model)
        if len(batch) != len(self.graph.inputs):
            return {}
        if len(tensors) == len(batch):
            batch = list(map(as_model_has_it, tensors, batch))
        return {layer: given for layer, given in zip(self.graph.inputs, batch, strict=True) if is_number(given)}

    def units(self, rows: Sequence[int]) -> Outputs:
        """`activation` of the layers of at most 4,096 units for some samples, and `z` where it is not the same.

        Computed once a look, whoever asks.
        """
        taps = self._all_taps if self.graph.is_small else self.unit_taps
        return self._look(("units", *rows), taps, self.scenery.batch(rows))

    def maps(self, rows: Sequence[int], layers: Sequence[str]) -> Outputs:
        """`activation` of `map_layers`; of a small model in the same pass as the others."""
        if self.graph.is_small:
            return self.units(rows)
        taps = tuple(tap for tap in self._map_taps if tap.layer in layers)
        return self._look(("maps", taps, *rows), taps, self.scenery.batch(rows))

    def attention(self, rows: Sequence[int], layers: Sequence[str]) -> Outputs:
        """`attention` and the lanes of layers that have them; of a small model in the same pass as the others."""
        if self.graph.is_small:
            return self.units(rows)
        taps = self.within.attention_taps(layers)
        return self._look(("attention", taps, *rows), taps, self.scenery.batch(rows))

    @cached_property
    def _all_taps(self) -> tuple[Tap, ...]:
        return (*self.unit_taps, *self._map_taps, *self.within.attention_taps(self.within.attending))

    @cached_property
    def unit_taps(self) -> tuple[Tap, ...]:
        """What `units` gives."""
        layers = self.layers_between(0, UNIT_LIMIT)
        pre_activated = [layer for layer in layers if self.has_pre_activation(layer)]
        return (*(Tap("activation", layer) for layer in layers), *(Tap("z", layer) for layer in pre_activated))

    @cached_property
    def map_layers(self) -> tuple[str, ...]:
        """Ids of the layers of 4,097 to 65,536 units; of one that alone puts out what the model does to 524,288."""
        layers, outputs = self.layers_between(UNIT_LIMIT + 1, MAP_LIMIT), self.graph.outputs
        large = self.layers_between(MAP_LIMIT + 1, RESULT_LIMIT) if len(outputs) == 1 else ()
        return (*layers, *(layer for layer in large if layer in outputs))

    @cached_property
    def _map_taps(self) -> tuple[Tap, ...]:
        return tuple(Tap("activation", layer) for layer in self.map_layers)

    def has_pre_activation(self, layer: str) -> bool:
        """Whether a layer has z = x W + b, and puts out something else."""
        activation = getattr(self.operations[layer], "activation", None)
        is_linear = activation is None or activation is keras.activations.linear
        return self.layer(layer).role == "dense" and not is_linear

    def has(self, layer_id: str) -> bool:
        """Whether what a layer puts out may be taken out."""
        return layer_id in self._layers

    def run(
        self,
        taps: Iterable[Tap],
        arrays: Arrays,
        most: int | None = None,
        of_each: Callable[[Any], Any] | None = None,
    ) -> Outputs | None:
        """Take something out for a batch.

        Args:
            taps: What.
            arrays: One per input of the model, samples first.
            most: Samples that go through at a time; `None` for all. A model that insists on a number gets that.
            of_each: What is made of a tensor where it is computed, samples first; `None` for itself.

        Returns:
            What could be reached of it; `None` where that is nothing.
        """
        names = tuple(taps)
        if (names, of_each) not in self._passes:
            self._passes[names, of_each] = self._build(names, of_each or _itself)
        forward = self._passes[names, of_each]
        if forward is None:
            return None
        batch = ready(arrays)
        rows = len(batch[0])
        size = self.batch_size or most or rows
        parts = [
            forward([_filled(array[start : start + size], self.batch_size or 0) for array in batch])
            for start in range(0, rows, size)
        ]
        return Outputs(parts, rows)

    def run_with_units(self, taps: Sequence[Tap], arrays: Arrays) -> Outputs | None:
        """Take something out, of a small model with own code in the pass that `units` takes from then on.

        Such a model is compiled in its first pass, so that one compilation (0.2 to 2 s) serves both. Where that pass
        fails what is asked here is taken out alone.
        """
        if self.graph.is_small and read_own_code(self.model).parts:
            both = tuple(dict.fromkeys((*self._all_taps, *taps)))
            with suppress(Exception):
                outputs = self.run(both, arrays)
                self._all_taps = both
                return outputs
        return self.run(taps, arrays)

    def rows_around(self, sample: int, size: int) -> tuple[int, ...]:
        """The samples of the batch that one is in, as an epoch that is not shuffled has them.

        Args:
            sample: Which one.
            size: Samples of a batch, where the model does not insist on another number.

        Raises:
            DataError: If the model insists on more than there are.
        """
        count, first = self.scenery.sample_count, int(sample) // (self.batch_size or size) * (self.batch_size or size)
        if self.batch_size is None:
            return tuple(range(first, min(first + size, count)))
        if count < self.batch_size:
            raise DataError(
                f"Expected at least {self.batch_size} samples, which the model takes at a time, got {count}."
            )
        first = min(first, count - self.batch_size)
        return tuple(range(first, first + self.batch_size))

    def pack(self, inputs: Sequence[Any]) -> Any:
        """Arrays or tensors of the inputs as the model's `call` takes them."""
        return packed(self.model, list(inputs), self.scenery.structure)

    def whole(self, training: bool = False) -> Callable[[Any], Any]:
        """The model as a function of what `pack` gives, in inference mode unless told."""
        return self._taps.whole(training)

    def _look(self, name: tuple[object, ...], taps: tuple[Tap, ...], arrays: Arrays) -> Outputs:
        if name not in self._looked:
            self._looked[name] = self.run(taps, arrays) or Outputs([{}], len(arrays[0]))
        return self._looked[name]

    def function(self, taps: tuple[Tap, ...]) -> Function | None:
        """What computes taps, at whatever depth, from arrays or tensors; `None` where it reaches none.

        It is to be called within `stateless`.
        """
        inner = self.within.among(taps)
        outer = tuple(tap for tap in taps if tap not in inner)
        if not inner:
            return self._taps.function(outer)
        function = self._taps.function((OUTPUT, *(tap for tap in outer if tap != OUTPUT)))  # so that it runs to the end
        if function is None:
            return None
        ids = {id(self.operations[tap.layer]): tap.layer for tap in inner}
        wanted = set(taps)

        def forward(inputs: Arrays) -> dict[Tap, Any]:
            found, seen = see_outputs(lambda: function(inputs), ids)
            for tap in inner:
                if tap.layer in seen:
                    found[tap] = self.within.value(tap, seen[tap.layer])
            return {tap: value for tap, value in found.items() if tap in wanted and value is not None}

        return forward

    def _build(self, taps: tuple[Tap, ...], of_each: Callable[[Any], Any]) -> Pass | None:
        inner, function = self.within.among(taps), self.function(taps)
        if function is None:
            return None
        is_slow = any(tap.quantity == "states" for tap in taps)
        run = stateless(
            _reducing(of_each, function), self.model, self.within.beside(taps), is_slow, lambda: self.is_at_rest
        )

        def checked(arrays: Arrays) -> dict[Tap, Any]:
            """Without what has another first axis than the samples: what is folded into it is no longer told apart."""
            found = run(arrays)
            rows = len(arrays[0])
            return {tap: value for tap, value in found.items() if tap not in inner or _has_rows(value, rows)}

        return checked if inner else run


def _itself(value: Any) -> Any:
    return value


def _reducing(of_each: Callable[[Any], Any], function: Pass) -> Pass:
    return lambda inputs: _each(of_each, function(inputs))


def _each(act: Callable[[Any], Any], found: Mapping[Tap, Any]) -> dict[Tap, Any]:
    return {tap: act(value) for tap, value in found.items()}


def ready(arrays: Arrays) -> list[np.ndarray]:
    """Fractions as Keras' `fit` gives them to a model, everything else as it is."""
    return [
        np.asarray(array, keras.config.floatx()) if array.dtype.kind == "f" else np.asarray(array) for array in arrays
    ]


def _has_rows(value: Any, rows: int) -> bool:
    shape = tuple(value.shape)
    return bool(shape) and shape[0] == rows


def _filled(rows: np.ndarray, size: int) -> np.ndarray:
    """The rows, the last one repeated until there are `size`."""
    return rows if len(rows) >= size else np.concatenate([rows, np.repeat(rows[-1:], size - len(rows), axis=0)])
