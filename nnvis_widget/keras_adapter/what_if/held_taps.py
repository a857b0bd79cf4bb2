"""A way through a model on which some units put out what they are held at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import keras
import numpy as np

from nnvis_widget.core.number_text import safe_text
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.own_code import read_own_code
from nnvis_widget.keras_adapter.read.nodes import has_own_call
from nnvis_widget.keras_adapter.symbols import first_output, symbolic
from nnvis_widget.keras_adapter.taps import Function, Tap, Taps, first


class Held(NamedTuple):
    """The units of one layer that are held.

    Attributes:
        axis: Of what the layer puts out, along which its units lie.
        units: How many there are.
        values: What each held one puts out, at every place.
    """

    axis: int
    units: int
    values: Mapping[int, float]

    def put(self, outputs: Any) -> Any:
        """What the layer puts out, with the held units at their values."""
        shape = [1] * len(outputs.shape)
        shape[self.axis] = self.units
        mask, held = np.zeros(self.units, bool), np.zeros(self.units)
        mask[list(self.values)] = True
        held[list(self.values)] = list(self.values.values())
        of_kind = keras.ops.cast(keras.ops.convert_to_tensor(held.reshape(shape)), outputs.dtype)
        return keras.ops.where(keras.ops.convert_to_tensor(mask.reshape(shape)), of_kind, outputs)


class HeldTaps(Taps):
    """`Taps` of a model with held units, by the ids of their outermost layers.

    Of a graph of layers what the held ones put out is computed first, in their order, and the rest from there.

    Raises:
        ModelError: From `function` and `whole`, where units of this model cannot be held so.
    """

    def __init__(
        self,
        model: Any,
        operations: Mapping[str, Any],
        last: str,
        pack: Callable[[Sequence[Any]], Any],
        held: Mapping[str, Held],
    ) -> None:
        super().__init__(model, operations, last, pack)
        self._held = held
        _expect_held(model, operations, held)

    def whole(self, training: bool = False) -> Callable[[Any], Any]:
        """The model as a function of what `pack` gives, in inference mode."""
        if isinstance(self.model, keras.Sequential):
            entrance = self._entrance()
            chain = self._chain(list(self.model.layers), (Tap("output"),), lambda x: entrance(x, training=False))
            return lambda x: chain(x)[Tap("output")]
        return lambda x: self._through_graph(keras.tree.flatten(x), self.model.output)

    def rest(self, layer: str, taps: tuple[Tap, ...]) -> Function | None:
        """Not told: what follows may be held."""
        return None

    def _put_out(self, layer: str, values: Any) -> Any:
        return self._held[layer].put(values) if layer in self._held else values

    def _build_graph(self, taps: tuple[Tap, ...]) -> Function | None:
        symbols = {name: tensor for name, tensor in self._symbols(taps).items() if tensor is not None}
        if first_output(self.model) is None or not symbols:
            return None
        return lambda inputs: self._found(self._through_graph(list(inputs), symbols), taps)

    def _through_graph(self, inputs: Sequence[Any], outputs: Any) -> Any:
        entered = keras.tree.flatten(self._enter_graph(list(inputs)))
        known = list(zip(self.model.inputs, entered, strict=True))
        for operation in self.model.layers:
            name = next((one for one in self._held if self.operations[one] is operation), None)
            if name is None:
                continue
            ends = symbolic(operation)
            assert ends is not None  # as was expected
            symbol = first(ends[1])
            known.append((symbol, self._put_out(name, _run(known, symbol))))
        return _run(known, outputs)

    def _enter_graph(self, inputs: list[Any]) -> Any:
        given = list(self.model.inputs)
        return keras.Model(given, given, name="nnvis_input")(inputs, training=False)


def _run(known: Sequence[tuple[Any, Any]], outputs: Any) -> Any:
    by_symbol = {id(symbol): value for symbol, value in known}
    wanted = keras.tree.flatten(outputs)
    others = [one for one in wanted if id(one) not in by_symbol]
    if others:
        function = keras.Function([symbol for symbol, _ in known], others, name="nnvis_held")
        values = function([value for _, value in known])
        by_symbol |= {id(symbol): value for symbol, value in zip(others, values, strict=True)}
    return keras.tree.map_structure(lambda symbol: by_symbol[id(symbol)], outputs)


def _expect_held(model: Any, operations: Mapping[str, Any], held: Mapping[str, Held]) -> None:
    """See that what layers put out can be replaced on the way.

    Raises:
        ModelError: If it cannot.
    """
    if not held:
        return
    is_chain = isinstance(model, keras.Sequential)
    if has_own_call(model) or (not is_chain and first_output(model) is None):
        raise ModelError(
            f"Expected a Sequential or functional model to hold units of, got {safe_text(model.name)!r}, whose call is "
            "a person's own: what its layers put out cannot be replaced there. Change weights instead."
        )
    layers = list(model.layers)
    for name in held:
        operation = operations.get(name)
        count = sum(operation is layer for layer in layers)
        if operation is None or count != 1 or (not is_chain and symbolic(operation) is None):
            called = safe_text(getattr(operation, "name", name))
            raise ModelError(
                f"Expected an outermost layer that is called once, got {called!r}: its units cannot be held. "
                "Change its weights instead."
            )
    if not is_chain and read_own_code(model).parts:
        raise ModelError(
            f"Expected layers of Keras alone to hold units of {safe_text(model.name)!r}, got some of a person's own: "
            "nothing tells them there that they are not training. Change weights instead."
        )
    if any(isinstance(layer, keras.layers.Masking) or getattr(layer, "mask_zero", False) for layer in layers):
        raise ModelError(
            f"Expected a model without masks to hold units of, got {safe_text(model.name)!r}, where a held unit would "
            "lose the mask. Change weights instead."
        )
