"""What computes something within a model: of a chain of layers, of a graph of them, or of a model as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import keras
import numpy as np

from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.read.nodes import has_own_call, is_function
from nnvis_widget.keras_adapter.samples import input_tensors
from nnvis_widget.keras_adapter.symbols import connected, first_output, symbolic

Arrays = Sequence[np.ndarray]
Pass = Callable[[Arrays], dict["Tap", Any]]
Function = Callable[[Any], dict["Tap", Any]]


class Tap(NamedTuple):
    """Where something is taken out of a model.

    Attributes:
        quantity: `activation` (what a layer puts out), `z` (what a dense layer's activation is put on), `input` (what
            goes into a layer), `attention` (its scores), `lane …` (its queries, keys or
            values), `volume` (states of a convolutional recurrent
            layer), `states` (and what its cell is given), `view` or `number …`
            (what somebody has told to read of it) or `output` (of the model, the first of several).
        layer: The layer's id; empty for `output`.
    """

    quantity: str
    layer: str = ""


OUTPUT = Tap("output")


class Taps:
    """Makes functions of a batch, in inference mode, that give what is taken out of the outermost layers of a model.

    Args:
        model: A built model.
        operations: The Keras layers by id.
        last: Id of the layer that puts out what the model does; empty where there is none.
        pack: Makes of arrays or tensors of the inputs what the model's `call` takes.
    """

    def __init__(
        self, model: Any, operations: Mapping[str, Any], last: str, pack: Callable[[Sequence[Any]], Any]
    ) -> None:
        self.model, self.operations = model, operations
        self._last, self.pack = last, pack

    def whole(self, training: bool = False) -> Callable[[Any], Any]:
        """The model as a function of what `pack` gives, in inference mode unless told; it builds no layer of a
        Sequential."""
        if has_own_call(self.model) or not isinstance(self.model, keras.Sequential):
            return partial(self.model, training=training)
        standardize, layers = self._entrance(), list(self.model.layers)

        def call(x: Any) -> Any:
            values = standardize(x, training=training)
            for layer in layers:
                values = _built(layer)(values, training=training)
            return values

        return call

    def _entrance(self) -> Callable[..., Any]:
        """What a model's Input makes of the data before the first layer gets it: its type, its rank."""
        given = input_tensors(self.model)
        return keras.Model(given[0], given[0], name="nnvis_input") if given else lambda x, **_: x

    def function(self, taps: tuple[Tap, ...]) -> Function | None:
        """What computes taps of outermost layers from arrays or tensors; `None` where it reaches none."""
        if not is_function(self.model):
            return None
        if has_own_call(self.model):
            return self._build_whole(taps)
        if isinstance(self.model, keras.Sequential):
            return self._build_chain(taps)
        return self._build_graph(taps) or self._build_whole(taps)

    def _build_chain(self, taps: tuple[Tap, ...]) -> Function | None:
        # A Sequential that was built by a call keeps that call's batch size in its symbolic tensors.
        layers = list(self.model.layers)
        ids = {id(operation): layer for layer, operation in self.operations.items()}
        names = [ids.get(id(layer), "") for layer in layers]
        wanted = set(taps)
        places = [place for place, name in enumerate(names) for tap in taps if tap.layer == name and name]
        last = len(layers) - 1 if OUTPUT in wanted else max(places, default=-1)
        if last < 0:
            return None
        # The last is not called where only what goes into it is asked.
        of_last = [tap for tap in taps if tap.layer == names[last]]
        is_into_last = OUTPUT not in wanted and all(tap.quantity == "input" for tap in of_last)
        called = list(zip(layers, names, strict=True))[: last + 1]
        standardize = self._entrance()

        def forward(inputs: Any) -> dict[Tap, Any]:
            found: dict[Tap, Any] = {}
            values: Any = standardize(self.pack(inputs), training=False)
            for layer, name in called:
                source = values
                found[Tap("input", name)] = source
                if is_into_last and name == names[last]:
                    break
                values = _built(layer)(source, training=False)
                found[Tap("activation", name)] = first(values)
                if Tap("z", name) in wanted:
                    found[Tap("z", name)] = pre_activation(layer, source)
            found[OUTPUT] = first(values)
            return {tap: found[tap] for tap in taps if tap in found}

        return forward

    def _build_graph(self, taps: tuple[Tap, ...]) -> Function | None:
        reached = connected(self.model, self._symbols(taps))
        if not reached:
            return None
        inner = keras.Model(self.model.inputs, reached, name="nnvis_forward")
        return lambda inputs: self._found(inner(list(inputs), training=False), taps)

    def _symbols(self, taps: tuple[Tap, ...]) -> dict[str, Any]:
        """What taps need, as symbols, by names that `_found` knows."""
        symbols: dict[Tap, Any] = {}
        for tap in taps:
            ends = None if tap == OUTPUT else symbolic(self.operations.get(tap.layer))
            if tap == OUTPUT:
                symbols[tap] = first_output(self.model)
            elif ends is not None and tap.quantity == "activation":
                symbols[tap] = first(ends[1])
            elif ends is not None:
                symbols[Tap("input", tap.layer)] = ends[0]
        return {" ".join(tap): tensor for tap, tensor in symbols.items()}

    def _found(self, values: Mapping[str, Any], taps: tuple[Tap, ...]) -> dict[Tap, Any]:
        found = {_tap(name): value for name, value in values.items()}
        for tap in taps:
            source = found.get(Tap("input", tap.layer)) if tap.quantity == "z" else None
            if source is not None:
                found[tap] = pre_activation(self.operations[tap.layer], source)
        return {tap: found[tap] for tap in taps if tap in found}

    def _build_whole(self, taps: tuple[Tap, ...]) -> Function | None:
        last = next((tap for tap in reversed(taps) if tap == OUTPUT or tap == Tap("activation", self._last)), None)
        if last is None:
            return None

        whole = self.whole()
        return lambda inputs: {last: first(whole(self.pack(inputs)))}


def _built(layer: Any) -> Any:
    """A layer of a Sequential. One that somebody adds just now, on another thread, is for them to build."""
    if not layer.built:
        raise ModelError(f"Expected layers that are built, got {layer.name!r}, which is not yet. Look again.")
    return layer


def first(outputs: Any) -> Any:
    """The first of a layer's outputs."""
    return keras.tree.flatten(outputs)[0]


def _tap(name: str) -> Tap:
    quantity, _, layer = name.partition(" ")
    return Tap(quantity, layer)


def pre_activation(layer: Any, source: Any) -> Any:
    """z = x W + b."""
    z = keras.ops.matmul(source, layer.kernel)
    bias = getattr(layer, "bias", None)
    return z if bias is None else keras.ops.add(z, bias)
