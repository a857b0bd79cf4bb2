"""What each Keras layer is: the one place that asks a layer for its class."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

import keras

from nnvis_widget.core.anatomy import ROLES, Role
from nnvis_widget.core.words.kept_text import english_text
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.read.nodes import is_input
from nnvis_widget.keras_adapter.read.registry import Registry, check_layer_class

_LAYERS: Mapping[Role, str] = {
    "dense": "Dense",
    "conv": "Conv1D Conv2D Conv3D SeparableConv1D SeparableConv2D",
    "depthwise": "DepthwiseConv1D DepthwiseConv2D",
    "transposed": "Conv1DTranspose Conv2DTranspose Conv3DTranspose",
    "recurrent": "LSTM GRU SimpleRNN",
    "attention": "MultiHeadAttention GroupQueryAttention Attention AdditiveAttention",
    "norm": "BatchNormalization LayerNormalization GroupNormalization RMSNormalization UnitNormalization Normalization",
    "embedding": "Embedding",
    "pool": "MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D "
    "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GlobalAveragePooling1D GlobalAveragePooling2D "
    "GlobalAveragePooling3D AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D AdaptiveAveragePooling1D "
    "AdaptiveAveragePooling2D AdaptiveAveragePooling3D",
    "elementwise": "Activation ReLU LeakyReLU ELU PReLU Softmax Dropout GaussianDropout AlphaDropout GaussianNoise "
    "SpatialDropout1D SpatialDropout2D SpatialDropout3D Identity ActivityRegularization Rescaling",
    "merge": "Add Subtract Multiply Average Maximum Minimum Concatenate Dot",
    "reshape": "Flatten Reshape",
}
# Operations of keras.ops in a functional model: their classes are not public, their names are all there is.
_OPERATIONS: Mapping[str, Role] = {
    **dict.fromkeys(["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot"], "merge"),
    **dict.fromkeys(("Softmax", "Identity"), "elementwise"),
    "Reshape": "reshape",
}
_ACTIVATIONS = {"ReLU": "relu", "LeakyReLU": "leaky_relu", "ELU": "elu", "Softmax": "softmax"}
_WITH_KERNEL = ("dense", "conv", "depthwise", "transposed")
_NEVER_REGISTERED = ("input", "group")

# Of the whole process, like keras.saving.register_keras_serializable: a role belongs to a class, whoever looks at it.
_registered: Registry[Role] = Registry("role")


def register_role(layer_class: type, role: Role) -> None:
    """Tell what a layer class of your own is, so that its inside is drawn and computed as that.

    A subclass of a Keras layer that leaves `call` alone has the role of that layer already. Views that exist keep what
    they have read: register first. Registering again replaces the role.

    Args:
        layer_class: A subclass of `keras.layers.Layer`; its subclasses that leave `call` alone have the role too.
        role: `dense` promises a `kernel` of shape (inputs, units), if it likes a `bias` (units,) and an `activation`,
            and activation(x · kernel + bias) as its output. `conv`, `depthwise`, `transposed`, `recurrent`, `attention`
            and `embedding` promise kernels with the axes of Keras' own. `elementwise`, `norm` and `reshape` promise
            that unit i of the flattened output comes from unit i of the flattened input. `pool` and `merge` promise
            nothing more; `opaque` is any layer of which nothing is known.

    Raises:
        ModelError: If it is no class of a layer, or `role` is none of these.

    Example:
        >>> nv.register_role(MyDense, "dense")
    """
    check_layer_class(layer_class)
    if role in _NEVER_REGISTERED or issubclass(layer_class, keras.Model):
        raise ModelError(
            f"{layer_class.__name__} cannot be registered as {role!r}: inputs and models are known by themselves. "
            "Register the layers of which the model is made."
        )
    if role not in ROLES:
        near = get_close_matches(str(role), ROLES, n=1)
        said = f"Did you mean {near[0]!r}? " if near else ""
        raise ModelError(
            f"Expected the role of a layer, got {role!r}. {said}"
            f"The roles are: {', '.join(one for one in ROLES if one not in _NEVER_REGISTERED)}."
        )
    _registered.put(layer_class, role)


def role_of(operation: Any) -> Role:
    """What a layer or operation is.

    A layer is what the nearest known class above it is, if it has the `call` of that class: a subclass of `Dense` with
    a `call` of its own need not put out x · kernel + bias, so nothing is claimed of it.
    """
    return "opaque" if broken_promise(operation) is not None else _declared_role(operation)


def keras_kind(operation: Any) -> str:
    """The name of the Keras class whose rule a layer or operation follows; empty where its `call` is another one."""
    own: Any = type(operation)
    if not isinstance(operation, keras.layers.Layer):
        return str(own.__name__)
    if changed_kernel(operation) is not None:
        return ""
    if role_of(operation) == "dense":
        return "Dense"
    known = next((one for one in own.__mro__ if one.__module__.partition(".")[0] == "keras"), own)
    return str(known.__name__) if own.call is known.call else ""


def role_of_name(name: str, is_layer: bool) -> Role:
    """What a layer or operation of Keras is, by the name of its class alone."""
    if not is_layer:
        return _OPERATIONS.get(name, "opaque")
    return next((role for role, names in _LAYERS.items() if name in names.split()), "opaque")


def activation_of_name(name: str) -> str | None:
    """The activation that a layer of Keras is, by the name of its class; `None` where it is none."""
    return _ACTIVATIONS.get(name)


def broken_promise(operation: Any) -> str | None:
    """Why a built layer is not what its class, or who registered it, says; `None` where nothing is wrong."""
    role = _declared_role(operation)
    if role in _WITH_KERNEL and operation.built and changed_kernel(operation) is not None:
        return changed_kernel(operation)
    if role != "dense" or not operation.built:
        return None
    kernel = getattr(operation, "kernel", None)
    if kernel is None or len(kernel.shape) != 2:
        return english_text("noteNoKernel")
    return None


def changed_kernel(operation: Any) -> str | None:
    """Why a layer of Keras does not compute with its kernel as it stands; `None` where it does.

    `enable_lora` adds a product of two small matrices to it, `quantize` keeps codes that are scaled (Keras 3.3).
    """
    mode = getattr(operation, "quantization_mode", None)
    if isinstance(mode, str):
        return english_text("noteQuantized", mode=mode)
    if getattr(operation, "lora_enabled", False) is True:
        return english_text("noteLora")
    return None


def activation_of(operation: Any) -> str | None:
    """The name of the activation that a layer applies, or is; `None` where there is none."""
    activation = getattr(operation, "activation", None)
    if activation is not None:
        name = getattr(activation, "__name__", None) or getattr(activation, "name", None)
        return str(name or type(activation).__name__)
    if role_of(operation) != "elementwise":
        return None
    classes = [type(operation)] if not isinstance(operation, keras.layers.Layer) else type(operation).__mro__
    return next((_ACTIVATIONS[one.__name__] for one in classes if one.__name__ in _ACTIVATIONS), None)


def _declared_role(operation: Any) -> Role:
    if is_input(operation):
        return "input"
    if isinstance(operation, keras.Model):
        return "group"
    own: Any = type(operation)
    if not isinstance(operation, keras.layers.Layer):
        return _OPERATIONS.get(own.__name__, "opaque")
    for known in own.__mro__:
        role = _registered.get(known) or _known_classes().get(known)
        if role is not None:
            is_kept = own.call is known.call and not (role == "reshape" and _moves_channels(operation))
            return role if is_kept else "opaque"
    return "opaque"


def _moves_channels(layer: Any) -> bool:
    """A Flatten of channels first puts them last before it flattens: the order of the units changes."""
    return getattr(layer, "data_format", None) == "channels_first"


@cache
def _known_classes() -> Mapping[Any, Role]:
    found: dict[Any, Role] = {}
    for role, names in _LAYERS.items():
        for name in names.split():
            layer_class = getattr(keras.layers, name, None)  # some came with a later Keras
            if layer_class is not None:
                found[layer_class] = role
    return found
