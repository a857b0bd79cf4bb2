"""What embeddings hold of the tokens that a sample has."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.past_weights import value_of
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.read.nodes import has_own_call
from nnvis_widget.keras_adapter.taps import Tap
from nnvis_widget.keras_adapter.to_numpy import to_numpy
from nnvis_widget.reduce.nearest_rows import nearest_rows

MOST_PLACES = 256
MOST_NEIGHBOURS = 12


class EmbeddingProbe:
    """`embedding`: the rows of a table that a sample looks up, with `embedding_index`, the numbers of its tokens.

    `neighbours` of a place: the cosines of the rows that are nearest to that of its token, with `neighbours_index`.
    For the first those rows are copied to the host, for the second the whole table.
    """

    name = "embeddings"

    def answers(self, want: Want) -> bool:
        """Both are of a layer and a sample, `neighbours` of a place in it too."""
        is_known = want.layer is not None and want.sample is not None
        return is_known and (want.quantity == "embedding" or (want.quantity == "neighbours" and want.unit is not None))

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """None of a layer that is not Keras' own `Embedding`, or whose table is quantized.

        A number that is no row of the table has NaN. Cost: a forward pass as far as the layer, and for neighbours two
        passes over its table.
        """
        tensors: Tensors = {}
        if not forward.scenery.sample_count:
            return tensors
        for layer, sample in sorted({(want.layer or "", want.sample or 0) for want in wants}):
            operation = forward.operations.get(layer)
            numbers = _numbers(forward, layer, sample) if _is_plain(operation) else None
            if numbers is None:
                continue
            assert operation is not None
            table = value_of(operation.embeddings)
            is_row = (numbers >= 0) & (numbers < int(table.shape[0]))
            rows = np.full((len(numbers), int(table.shape[1])), np.nan, np.float32)
            if is_row.any():
                taken = keras.ops.take(table, numbers[is_row], axis=0)
                rows[is_row] = np.asarray(to_numpy(taken), np.float32)
            tensors[TensorKey("embedding", layer, sample=sample)] = rows
            tensors[TensorKey("embedding_index", layer, sample=sample)] = numbers
            places = {want.unit or 0 for want in wants if (want.quantity, want.layer) == ("neighbours", layer)}
            whole = None
            for place in sorted(one for one in places if one < len(numbers) and is_row[one]):
                if whole is None:
                    whole = np.asarray(to_numpy(table), np.float32)
                found, cosines = nearest_rows(whole, int(numbers[place]), MOST_NEIGHBOURS)
                tensors[TensorKey("neighbours", layer, str(place), sample=sample)] = cosines
                tensors[TensorKey("neighbours_index", layer, str(place), sample=sample)] = found
        return tensors


def _is_plain(operation: Any) -> bool:
    """Whether what it puts out is a row of its table as it stands."""
    if not isinstance(operation, keras.layers.Embedding) or has_own_call(operation):
        return False
    return getattr(operation, "quantization_mode", None) is None and len(operation.embeddings.shape) == 2


def _numbers(forward: Forward, layer: str, sample: int) -> np.ndarray | None:
    """Of the first 256 tokens that the layer is given for a sample."""
    tap = Tap("input", layer)
    outputs = forward.run([tap], forward.scenery.batch([sample]))
    if outputs is None or tap not in outputs:
        return None
    given = outputs.value(tap)[0].reshape(-1)[:MOST_PLACES]
    return given.astype(np.int32) if given.size and np.isfinite(given).all() else None
