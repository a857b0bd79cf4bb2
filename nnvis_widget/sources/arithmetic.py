"""The arithmetic of one unit, for anything that has a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nnvis_widget.errors import ModelError, TrainerStateError
from nnvis_widget.keras_adapter.one_batch.read_arithmetic import read_arithmetic
from nnvis_widget.keras_adapter.read.read_structure import is_model
from nnvis_widget.keras_adapter.read_data import read_scenery
from nnvis_widget.sources.source import as_source
from nnvis_widget.workings.arithmetic import Arithmetic


def arithmetic(
    source: Any,
    layer: Any,
    unit: int = 0,
    sample: int = 0,
    position: Sequence[int] | int | None = None,
    *,
    data: Any = None,
    use: int = 0,
    batch_size: int | None = None,
    training: bool | None = None,
) -> Arithmetic:
    """Compute what one unit does in a step, term by term, and compare every number with Keras'.

    Nothing is changed: neither weights nor optimiser, metrics or random state. Cost: a pass forward and one backward
    of a batch, not compiled (50 ms for 784-64-10).

    Args:
        source: A Keras model, a `Trainer`, a view or a panel of one.
        layer: A layer's name, its path in nested models, or the layer itself.
        unit: Place along the last axis of what it puts out: a unit, a map.
        sample: Which sample of the data.
        position: Places along the axes before, such as row and column of a map or the step of a sequence; `None` for
            the middle.
        data: `(x, y)` as for a view, where the source is a model.
        use: Which call of a layer that the model calls more than once.
        batch_size: Samples that the loss is of: those around the sample, as an epoch that is not shuffled has them.
            `None` for the trainer's, else 32.
        training: Whether layers do what they do in a step: dropout drops what the next step would, batches are
            normalised by themselves. `None` for: where the model has a loss.

    Returns:
        Terms, sum, output, δ, gradient and update, with what each was compared with.

    Raises:
        ModelError: If there is no model behind the source, or no such layer, unit or position.
        DataError: If there are no samples, or no such one, or they do not fit the model.
        TrainerStateError: If the model is being trained just now.

    Example:
        >>> told = nv.arithmetic(model, "dense", unit=3, sample=12, data=(x, y))
        >>> print(told.checked.is_right, told.delta)
    """
    if is_model(source):
        model, scenery, state = source, read_scenery(source, data), "idle"
    else:
        found = as_source(source, data)
        model, scenery, state = found.model, found.scenery, found.status.state
    if model is None:
        raise ModelError(f"Expected something with a model, got a {type(source).__name__}. Pass the model itself.")
    if state == "running":
        raise TrainerStateError("Expected a training at rest, got one that runs. Pause it first: trainer.pause().")
    size = batch_size if batch_size is not None else getattr(source, "batch_size", None) or 32
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise ModelError(f"Expected batch_size as a number from 1, got batch_size={size!r}.")
    return read_arithmetic(model, scenery, layer, unit, sample, position, use=use, batch_size=size, training=training)
