"""A call of a Keras layer as plain arrays and numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.keras_adapter.one_batch.call_record import Call
from nnvis_widget.keras_adapter.one_batch.slopes import on_host
from nnvis_widget.keras_adapter.past_weights import value_of
from nnvis_widget.keras_adapter.read.parameter_names import named_variables
from nnvis_widget.keras_adapter.read.roles import activation_of, changed_kernel, keras_kind, role_of
from nnvis_widget.workings.activations import KNOWN
from nnvis_widget.workings.layers import RULES
from nnvis_widget.workings.layers.facts import LayerFacts

OF_TWO = ("Add", "Subtract", "Multiply", "Maximum", "Minimum")
"""Operations of `keras.ops` that are what the layers of these names are; others of such a name are something else."""

PLAIN = (bool, int, float, str, type(None))
OF_ACTIVATIONS = ("negative_slope", "max_value", "threshold", "alpha")


def facts_of(call: Call, row: int, place: tuple[int, ...], names: tuple[str, ...], is_training: bool) -> LayerFacts:
    """What the arithmetic of one number of a call is told.

    Args:
        call: Of the layer.
        row: The sample's place in the batch.
        place: Of the number in what the sample gave.
        names: What each input is called.
        is_training: Whether the model was called for a step of a training.
    """
    operation = call.operation
    activation, numbers = activation_facts(operation)
    kind = kind_of_call(operation)
    is_layer = isinstance(operation, keras.layers.Layer)
    is_one = activation is not None and (role_of(operation) == "elementwise" or not is_layer)
    return LayerFacts(
        kind="Activation" if is_one and kind not in RULES else kind,
        inputs=[on_host(one) for one in call.tensors],
        row=row,
        place=place,
        output=on_host(first_of(call.put_out)),
        weights=weights_on_host(operation),
        config=_plain(operation),
        options={name: _on_host(value) for name, value in call.options.items()},
        activation=activation,
        numbers=numbers,
        names=names,
        is_training=is_training,
    )


def kind_of_call(operation: Any) -> str:
    """Under which name the rules have a layer or operation; a name that they have not where it is none of theirs."""
    kind = keras_kind(operation)
    if changed_kernel(operation) is not None:
        return phrase("a kernel that is quantized, or has LoRA,")
    if isinstance(operation, keras.layers.Layer) or kind in OF_TWO:
        return kind
    return kind if kind in ("Concatenate", "Reshape") else f"keras.ops {kind}"


def activation_facts(operation: Any) -> tuple[str | None, Mapping[str, float]]:
    """The activation that a layer applies or is, and the numbers that it is made with.

    A function of a person's own is told as `its own function`, whatever it is called.
    """
    applied = getattr(operation, "activation", None)
    if applied is not None:
        if isinstance(applied, keras.layers.Layer):
            return activation_facts(applied)
        return known_name(applied) or phrase("its own function"), {}
    own = activation_of(operation)
    if own is None and not isinstance(operation, keras.layers.Layer):
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", type(operation).__name__).lower()
        own = snake if snake in KNOWN else None
    numbers = {name: getattr(operation, name, None) for name in OF_ACTIVATIONS}
    told = {name: float(value) for name, value in numbers.items() if isinstance(value, int | float)}
    if own == "gelu":
        told["approximate"] = float(bool(getattr(operation, "approximate", False)))
    return own, told


def known_name(applied: Any) -> str | None:
    """The name of an activation of Keras; `None` of a function of a person's own, whatever it is called."""
    name = str(getattr(applied, "__name__", ""))
    return name if name and getattr(keras.activations, name, None) is applied else None


def first_of(put_out: Any) -> Any:
    """The first tensor of what a layer put out."""
    return keras.tree.flatten(put_out)[0]


def weights_on_host(operation: Any) -> Mapping[str, np.ndarray]:
    """The variables of a layer by name: those of the kept step that is looked at, else of now."""
    found = {name: on_host(value_of(variable)) for name, variable in named_variables(operation).items()}
    if keras_kind(operation) == "Normalization":  # they may have been given as numbers
        found |= {name: on_host(getattr(operation, name)) for name in ("mean", "variance")}
    return found


def _plain(operation: Any) -> Mapping[str, object]:
    """What of a layer's config is numbers, texts and lists of such."""
    if not isinstance(operation, keras.layers.Layer):
        found = {name: getattr(operation, name, None) for name in ("axis", "data_format")}
        return {name: value for name, value in found.items() if isinstance(value, int | str)}
    try:
        config = operation.get_config()
    except Exception:  # a layer of a person's own need not have one
        return {}
    return {name: value for name, value in config.items() if isinstance(value, (*PLAIN, list, tuple))}


def _on_host(value: Any) -> object:
    if value is None or isinstance(value, PLAIN):
        return value
    many = keras.tree.flatten(value)
    arrays = [on_host(one) if keras.ops.is_tensor(one) else one for one in many]
    return arrays[0] if len(arrays) == 1 and keras.ops.is_tensor(value) else arrays
