"""What people hold their data in, made into arrays that Keras takes."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from typing import Any

import keras
import numpy as np

from nnvis_widget.errors import DataError
from nnvis_widget.keras_adapter.sparse_rows import SparseRows, sparse_rows

NUMBERS, TEXTS = "fiub", "OSUT"
LOOKED_AT_BYTES = 64 * 2**20
LOOKED_AT_ROWS = 2_048


def is_arrays(data: Any) -> bool:
    """Whether data is held in memory as a whole: `x`, or a tuple `(x, y)` or `(x, y, sample_weight)`."""
    if isinstance(data, tuple):
        return 1 <= len(data) <= 3 and all(part is None or _is_structure(part) for part in data)
    is_batches = isinstance(data, list) and any(isinstance(part, tuple) for part in data) and not _is_rows(data)
    return not is_batches and _is_structure(data)


def split_arrays(data: Any) -> tuple[Any, Any, Any]:
    """`(x, y, sample_weight)` of data in memory, nested as it came; what is missing is `None`.

    Returns:
        Leaves are numpy arrays of numbers or texts, `SparseRows`, or a `tf.RaggedTensor`; fractions have Keras' working
        precision, as in `fit`.

    Raises:
        DataError: If something is no array with samples first.
    """
    parts = data if isinstance(data, tuple) else (data,)
    x, y, sample_weight = (*parts, None, None)[:3]
    if x is None:
        raise DataError("Expected inputs, got None. Pass (x, y).")
    return (
        _arrays(x, "x"),
        None if y is None else _numbers(y, "y"),
        None if sample_weight is None else read_weights(sample_weight),
    )


def copied(data: tuple[Any, ...]) -> tuple[Any, ...]:
    """Inputs, targets and sample weights that nobody writes into."""

    def copy(array: Any) -> Any:
        return array.copy() if isinstance(array, np.ndarray) else array

    return tuple(None if part is None else keras.tree.map_structure(copy, part) for part in split_arrays(data))


def split_off(data: Any, share: float) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Data in memory as training and validation: the last samples are for validation, as in `fit`.

    Raises:
        DataError: If a part would have no sample.
    """
    parts = data if isinstance(data, tuple) else (data,)
    count = count_of(split_arrays(data)[0])
    end = floor(count * (1 - share))
    if not 0 < end < count:
        raise DataError(
            f"Expected validation_split to leave samples on both sides, got {share!r} of {count} samples. "
            "Choose another, or pass validation_data."
        )
    first, last = (
        tuple(None if part is None else _rows_as_they_are(part, rows) for part in parts)
        for rows in (slice(0, end), slice(end, count))
    )
    return first, last


def _rows_as_they_are(value: Any, rows: slice) -> Any:
    if isinstance(value, Mapping):
        return {name: _rows_as_they_are(part, rows) for name, part in value.items()}
    if isinstance(value, list | tuple) and not _is_rows(value):
        parts = [_rows_as_they_are(part, rows) for part in value]
        return tuple(parts) if isinstance(value, tuple) else parts
    return value.iloc[rows] if _is_table(value) else _array(value, "the data")[rows]


def read_weights(sample_weight: Any) -> Any:
    """One weight per sample, or such an array for each output.

    Raises:
        DataError: If there is something that is no number.
    """
    weights = _numbers(sample_weight, "sample_weight")
    return keras.tree.map_structure(lambda part: part[:, 0] if part.shape[1:] == (1,) else part, weights)


def count_of(x: Any) -> int:
    """How many samples there are."""
    return int(keras.tree.flatten(x)[0].shape[0])


def rows_of(x: Any, rows: Any) -> Any:
    """Some samples, as a model takes them."""
    return keras.tree.map_structure(lambda array: _rows(array, rows), x)


def is_number(array: Any) -> bool:
    """Whether an array is of numbers: neither texts nor rows of different lengths."""
    return isinstance(array, np.ndarray) and array.dtype.kind in NUMBERS


def is_text(array: Any) -> bool:
    """Whether an array is of texts."""
    return isinstance(array, np.ndarray) and array.dtype.kind in TEXTS and bool(array.size) and _is_text(array.flat[0])


def is_uneven(array: Any) -> bool:
    """Whether it is an array of rows of different lengths, as `looked_at` gives them."""
    return isinstance(array, np.ndarray) and array.dtype.kind == "O" and isinstance(array.flat[0], np.ndarray)


def looked_at(x: Any) -> Any:
    """The samples as numpy arrays; of sparse or ragged ones the first only, as many as 64 MB or 2,048 hold.

    Rows of different lengths become an array of arrays.
    """
    count = min([count_of(x), *map(_most_rows, keras.tree.flatten(x))])
    return keras.tree.map_structure(lambda array: _looked_at(array, count), x)


def _is_structure(value: Any) -> bool:
    if isinstance(value, Mapping):
        return bool(value) and all(map(_is_structure, value.values()))
    if isinstance(value, list | tuple):
        return _is_rows(value) or (bool(value) and all(map(_is_structure, value)))
    return _is_table(value) or _is_sparse(value) or _is_ragged(value) or _is_array(value)


def _is_rows(value: Any) -> bool:
    """Whether it is a list of plain numbers or texts, or of such lists or flat tuples."""
    if not isinstance(value, list | tuple) or not value:
        return False
    is_list = isinstance(value, list)
    return all(isinstance(part, int | float | str | bytes) or (is_list and _is_rows(part)) for part in value)


def _is_table(value: Any) -> bool:
    return hasattr(value, "to_numpy") and hasattr(value, "index")


def _is_sparse(value: Any) -> bool:
    return (
        isinstance(value, SparseRows)
        or hasattr(value, "tocsr")
        or (hasattr(value, "dense_shape") and hasattr(value, "indices"))
    )


def _is_ragged(value: Any) -> bool:
    return hasattr(value, "row_splits") and hasattr(value, "flat_values")


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) or (hasattr(value, "__array__") and hasattr(value, "shape"))


def _is_text(value: Any) -> bool:
    return isinstance(value, str | bytes)


def _arrays(value: Any, what: str) -> Any:
    if isinstance(value, Mapping):
        return {name: _arrays(part, f"{what}[{name!r}]") for name, part in value.items()}
    if isinstance(value, list | tuple) and not _is_rows(value):
        parts = [_arrays(part, f"{what}[{place}]") for place, part in enumerate(value)]
        return tuple(parts) if isinstance(value, tuple) else parts
    return _array(value, what)


def _numbers(value: Any, what: str) -> Any:
    arrays = _arrays(value, what)
    for array in keras.tree.flatten(arrays):
        if not is_number(array):
            raise DataError(
                f"Expected {what} as numbers, got {_kind(array)}. Number the classes 0, 1, 2 and so on; "
                "make a sparse matrix dense and rows of different lengths equal."
            )
    return arrays


def _array(value: Any, what: str) -> Any:
    if _is_sparse(value):
        return value if isinstance(value, SparseRows) else sparse_rows(value, what)
    if _is_ragged(value):
        return _ragged(value, what)
    if _is_table(value):
        return _from_table(value, what)
    try:
        array = np.asarray(of_torch(value) if hasattr(value, "detach") else value)
    except ValueError:
        array = np.asarray(None)  # lists of different lengths
    if array.dtype.kind in TEXTS:
        array = _from_objects(array)
    if array.dtype.name == "bfloat16":
        array = array.astype(keras.config.floatx())
    if array.ndim == 0 or array.dtype.kind not in NUMBERS + "O":
        raise DataError(
            f"Expected {what} as an array of numbers or of texts with samples first, got {type(value).__name__} of "
            f"dtype={array.dtype} and shape={array.shape}. Convert it to such an array first."
        )
    return np.asarray(array, keras.config.floatx()) if array.dtype.kind == "f" else array


def of_torch(tensor: Any) -> Any:
    """A tensor of torch as numpy takes it: without a gradient, in the host's memory, of a type that numpy has."""
    plain = tensor.detach().cpu()
    return plain.float() if str(plain.dtype) == "torch.bfloat16" else plain


def _from_objects(array: np.ndarray) -> np.ndarray:
    """Texts as objects, numbers as numbers, what is missing as NaN; nothing where it is a mix or something else."""
    values = array.reshape(-1).tolist()
    if values and all(map(_is_text, values)):
        return array.astype(object)
    if not values or not all(isinstance(value, int | float) or _is_missing(value) for value in values):
        return np.asarray(None)
    numbers = [np.nan if _is_missing(value) else value for value in values]
    return np.array(numbers, keras.config.floatx()).reshape(array.shape)


def _is_missing(value: Any) -> bool:
    return value is None or type(value).__name__ == "NAType"


def _from_table(table: Any, what: str) -> np.ndarray:
    array = np.asarray(table.to_numpy())
    if array.dtype.kind in TEXTS and _from_objects(array).ndim == 0:
        kinds = ", ".join(dict.fromkeys(type(value).__name__ for value in array.reshape(-1).tolist()))
        raise DataError(
            f"Expected {what} as a {type(table).__name__} of numbers alone or of texts alone, got {kinds}. Make "
            "numbers of the others, or pass an input for each column: dict(frame)."
        )
    array = np.asarray(_array(array, what))
    return array[:, None] if array.ndim == 1 else array  # as `fit` takes a Series


def _ragged(value: Any, what: str) -> Any:
    if keras.config.backend() != "tensorflow" or value.ragged_rank != 1:
        raise DataError(
            f"Expected {what} with rows of one length (on TensorFlow: of different lengths along one axis), got a "
            f"RaggedTensor of ragged_rank={value.ragged_rank} on {keras.config.backend()}. Pad the rows: "
            f"{what}.to_tensor()."
        )
    return value


def _rows(array: Any, rows: Any) -> Any:
    if isinstance(array, SparseRows):
        return array[rows].tensor()
    if isinstance(array, np.ndarray):
        return _tensor_of_texts(array[rows]) if is_text(array) else array[rows]
    import tensorflow as tf

    return tf.gather(array, np.arange(int(array.shape[0]))[rows])


def _tensor_of_texts(array: np.ndarray) -> Any:
    if keras.config.backend() != "tensorflow":
        return array
    import tensorflow as tf

    return tf.constant(array)


def _most_rows(array: Any) -> int:
    if isinstance(array, SparseRows):
        return max(1, LOOKED_AT_BYTES // max(1, array.shape[1] * array.dtype.itemsize))
    return int(array.shape[0]) if isinstance(array, np.ndarray) else LOOKED_AT_ROWS


def _looked_at(array: Any, count: int) -> np.ndarray:
    if isinstance(array, SparseRows):
        return array[:count].dense()
    if isinstance(array, np.ndarray):
        return array if len(array) == count else array[:count]
    found = np.empty(count, object)
    found[:] = [array[place].numpy() for place in range(count)]
    return found


def _kind(array: Any) -> str:
    if isinstance(array, np.ndarray):
        return f"an array of {'texts' if is_text(array) else array.dtype}"
    return "a sparse matrix" if isinstance(array, SparseRows) else type(array).__name__
