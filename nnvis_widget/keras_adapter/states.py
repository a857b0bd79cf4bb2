"""What a recurrent layer keeps from step to step, asked of its own cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras

from nnvis_widget.core.limits import MAP_LIMIT
from nnvis_widget.keras_adapter.past_weights import past_weights
from nnvis_widget.keras_adapter.seen_outputs import Seen

CLOSE = 1e-5
CLOSE_OF_HALF = 0.02
"""As far as bfloat16 rounds."""
MOST_OF_THE_PAST = 512
"""With the weights of the past nothing is compiled: some 2 ms a step."""


class Telling:
    """A cell that puts out all that another cell is given and gives at each step: inputs, states before, states after.

    The last number turns from 0 to 1 and back at each step that is read: at a masked one it stays, with the states. The
    first of its own states is what it put out before, which on JAX is what a masked step puts out.

    Args:
        cell: That which is called.
        width: How many inputs it is given.
    """

    def __init__(self, cell: Any, width: int) -> None:
        self._cell = cell
        self.sizes = [cell.state_size] if isinstance(cell.state_size, int) else list(cell.state_size)
        self.state_size = [width + 2 * sum(self.sizes) + 1, *self.sizes, 1]
        self.compute_dtype = cell.compute_dtype

    def call(self, inputs: Any, states: Sequence[Any]) -> tuple[Any, list[Any]]:
        """One step, as Keras asks for it."""
        _, *before, turn = states
        _, after = self._cell(inputs, before, training=False)
        after, turned = keras.tree.flatten(after), 1 - turn
        told = keras.ops.concatenate([inputs, *before, *after, turned], axis=-1)
        return told, [told, *after, turned]

    __call__ = call

    def get_initial_state(self, batch_size: Any) -> list[Any]:
        """Zeros, as Keras asks for them."""
        return [keras.ops.zeros((batch_size, size), self.compute_dtype) for size in self.state_size]

    def begun(self, given: Any, batch_size: Any) -> list[Any]:
        """The states before the first step, where the layer was called with some."""
        told, *_, turn = self.get_initial_state(batch_size)
        return [told, *keras.tree.flatten(given), turn]


def tells_states(layer: Any) -> bool:
    """Whether it is a layer of Keras around a cell whose states are a vector each, and begin anew with each call."""
    cell = getattr(layer, "cell", None)
    return isinstance(layer, keras.layers.RNN) and isinstance(cell, keras.layers.Layer) and not layer.stateful


def closeness(layer: Any) -> float:
    """How near two ways to compute the same come, of 1 and of itself."""
    return CLOSE_OF_HALF if "16" in str(layer.compute_dtype) else CLOSE


def states_of(layer: Any, seen: Seen) -> Any:
    """What the cell of a recurrent layer was given and gave at each step, in the order in which it reads them.

    The cell is called once more at each step, with what the layer was called with.

    Args:
        layer: One that `tells_states`.
        seen: Its call.

    Returns:
        `(samples, steps, inputs + states + states + 1)`, as `Telling`; `None` where the layer takes something else than
        vectors, and of more than 65,536 steps × units. NaN of a sample of which the layer has put out something else.
    """
    sequences, *others = seen.args
    given = others.pop(0) if others else seen.named.get("initial_state")
    if others or len(sequences.shape) != 3 or sequences.shape[2] is None:
        return None
    telling, steps = Telling(layer.cell, sequences.shape[2]), sequences.shape[1] or 0
    if steps * telling.sizes[0] > MAP_LIMIT or (past_weights() and steps > MOST_OF_THE_PAST):
        return None
    again = keras.layers.RNN(
        telling,
        return_sequences=True,
        go_backwards=layer.go_backwards,
        unroll=layer.unroll,
        dtype=layer.dtype_policy,
        name="nnvis_states",
    )
    # As it was called: with several tensors Keras takes no notice of the mask that one of them bears.
    named = {name: value for name, value in seen.named.items() if name == "mask"}
    if given is not None:
        named["initial_state"] = telling.begun(given, keras.ops.shape(sequences)[0])
    with _masks_of_dropout(layer.cell, sequences[:, 0]):
        told = again(sequences, training=False, **named)
    return keras.ops.where(_is_same(layer, told, seen.put_out, telling.sizes), told, float("nan"))


@contextmanager
def _masks_of_dropout(cell: Any, inputs: Any) -> Iterator[None]:
    """Within it the cell has its masks, as in a call of the layer: it would make them in a loop that is compiled."""
    if not hasattr(cell, "reset_dropout_mask"):
        yield
        return
    cell.get_dropout_mask(inputs)
    cell.get_recurrent_dropout_mask(cell.get_initial_state(keras.ops.shape(inputs)[0])[0])
    try:
        yield
    finally:
        cell.reset_dropout_mask()
        cell.reset_recurrent_dropout_mask()


def _is_same(layer: Any, told: Any, put_out: Any, sizes: Sequence[int]) -> Any:
    """Of each sample, whether all that the layer put out is the first of the states after the step it is of."""
    told, put_out = keras.ops.cast(told, "float32"), keras.ops.cast(put_out, "float32")
    first = told.shape[-1] - 1 - sum(sizes)
    after = told[:, :, first : first + sizes[0]]
    if not layer.return_sequences:
        after, put_out = after[:, -1:], put_out[:, None]
    is_same = keras.ops.abs(after - put_out) <= closeness(layer) * (1 + keras.ops.abs(put_out))
    if layer.return_sequences:  # at a masked step zeros may come out, or what came before
        turns = told[:, :, -1:]
        is_masked = keras.ops.equal(turns, keras.ops.pad(turns[:, :-1], ((0, 0), (1, 0), (0, 0))))
        is_same = keras.ops.logical_or(is_same, is_masked)
    return keras.ops.all(is_same, axis=(1, 2), keepdims=True)
