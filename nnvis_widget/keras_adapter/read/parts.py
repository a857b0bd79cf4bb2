"""The layers that a layer holds, and which of its parameters are its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras

from nnvis_widget.core.structure import ANY
from nnvis_widget.core.words.kept_text import english_text
from nnvis_widget.keras_adapter.read.nodes import Level, Put, chain, has_own_call, leaves, plain_shape

NOT_TRACED = english_text("noteNotTraced")


def parts_of(layer: Any) -> list[Any]:
    """The layers that a layer or model holds itself, each once, in the order in which Keras came to know them."""
    if isinstance(layer, keras.Model):
        return list({id(part): part for part in layer.layers if part is not layer}.values())
    # The table of a TextVectorization is no layer that anything flows through.
    if not isinstance(layer, keras.layers.Layer) or isinstance(layer, keras.layers.TextVectorization):
        return []
    # Also what lies in dicts and lists of lists: a list of all of them is among the attributes.
    found = [part for value in tuple(vars(layer).values()) for part in _layers_in(value) if part is not layer]
    return list({id(part): part for part in found}.values())


class OwnWeights:
    """Stands for the weights of a layer that none of the layers in it has."""

    def __init__(self, layer: Any, ids: set[int]) -> None:
        self.name = "weights"
        self._layer = layer
        self._ids = ids

    @property
    def weights(self) -> list[Any]:
        """These, in the layer's own order."""
        return [variable for variable in self._layer.weights if id(variable) in self._ids]

    @property
    def trainable_variables(self) -> list[Any]:
        """Those that a training changes."""
        return [variable for variable in self._layer.trainable_variables if id(variable) in self._ids]


def own_weights(layer: Any, parts: list[Any]) -> OwnWeights | None:
    """The weights of a layer beside those of the layers in it; `None` where there are none."""
    inner = {id(variable) for part in parts for variable in part.weights}
    own = {id(variable) for variable in layer.weights} - inner
    return OwnWeights(layer, own) if own else None


def wrapped_level(layer: Any, parts: list[Any]) -> Level | None:
    """The inside of a layer of Keras that hands what it gets to the layers in it; `None` where it is none of these."""
    for kind in (keras.layers.Wrapper, keras.layers.RNN, keras.layers.StackedRNNCells, keras.layers.Bidirectional):
        if isinstance(layer, kind) and not has_own_call(layer):
            if kind is keras.layers.Bidirectional:
                return Level(parts, [wire for part in parts for wire in chain([part], ANY)], {})
            return Level(parts, chain(parts, ANY), dict.fromkeys(map(id, parts)))
    return None


def wrapped_puts(layer: Any) -> dict[int, Put]:
    """What the two layers in a Bidirectional put out, by their `id`; empty of others and where its input is not known.

    Keras keeps no trace of how they were called.
    """
    if not isinstance(layer, keras.layers.Bidirectional) or has_own_call(layer):
        return {}
    try:
        given = plain_shape(leaves(layer.input)[0].shape)
        both = [(part, part.compute_output_shape(given)) for part in (layer.forward_layer, layer.backward_layer)]
    except (AttributeError, ValueError):
        return {}
    return {
        id(part): Put(tuple(map(plain_shape, shape if isinstance(shape[0], tuple) else [shape])), part.compute_dtype)
        for part, shape in both
    }


def traced_level(parts: list[Any], traced: Level) -> Level:
    """What a call went through, and the layers that it left aside."""
    known = set(map(id, parts))
    others = [member for member in traced.members if id(member) not in known]
    uses = dict.fromkeys(map(id, parts), 0) | traced.uses
    order = {id(member): place for place, member in enumerate(traced.members)}
    return Level([*parts, *others], traced.wires, uses, traced.note, order)


def untraced_level(parts: list[Any], note: str = NOT_TRACED) -> Level:
    """The layers in a layer whose links are not known."""
    return Level(parts, [], dict.fromkeys(map(id, parts)), note)


def _layers_in(value: Any) -> Iterator[Any]:
    if isinstance(value, keras.layers.Layer):
        yield value
    elif isinstance(value, list | tuple) and value and isinstance(value[0], keras.layers.Layer):
        yield from (one for one in value if isinstance(one, keras.layers.Layer))
