"""Computing with the weights of a kept step, in a scope of its own: the model's own are not touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.keras_adapter.read.parameter_names import named_variables

Pairs = Sequence[tuple[Any, Any]]

_pairs: ContextVar[Pairs] = ContextVar("weights of the past", default=())


def past_weights() -> Pairs:
    """Variables with the values that they had, as a `keras.StatelessScope` takes them; empty for the present."""
    return _pairs.get()


def value_of(variable: Any) -> Any:
    """What a variable holds: at the kept step that is looked at, else now."""
    return next((value for known, value in past_weights() if known is variable), variable)


@contextmanager
def weights_are(pairs: Pairs) -> Iterator[None]:
    """Within it these variables count as having these values."""
    token = _pairs.set(pairs)
    try:
        yield
    finally:
        _pairs.reset(token)


@contextmanager
def weights_of(snapshot: Snapshot, model: Any, operations: Mapping[str, Any]) -> Iterator[bool]:
    """Within it a stateless function of the model computes with a snapshot's weights.

    Yields:
        Whether that can be: the snapshot has every weight of the model, all finite.
    """
    pairs = _read(snapshot, model, operations)
    with weights_are(pairs or ()):
        yield pairs is not None


def _read(snapshot: Snapshot, model: Any, operations: Mapping[str, Any]) -> Pairs | None:
    pairs = []
    for layer, operation in operations.items():
        for name, variable in named_variables(operation).items():
            value = snapshot.tensors.get(TensorKey("weight", layer, name))
            if value is None or value.shape != tuple(variable.shape) or not np.isfinite(value).all():
                return None
            pairs.append((variable, keras.ops.convert_to_tensor(value, dtype=variable.dtype)))
    known = {id(variable) for variable, _ in pairs}
    return pairs if known.issuperset(map(id, model.weights)) else None
