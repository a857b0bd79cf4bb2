"""A sparse matrix whose rows can be taken out."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from nnvis_widget.errors import DataError


class SparseRows:
    """Rows of mostly zeros, as a training takes them; fractions in Keras' working precision.

    Args:
        values: What is not zero, row after row.
        columns: The column of each value.
        starts: `(rows + 1,)`: where each row's values begin, and where the last row's end.
        width: Columns.
    """

    def __init__(self, values: np.ndarray, columns: np.ndarray, starts: np.ndarray, width: int) -> None:
        self.values = values.astype(keras.config.floatx(), copy=False) if values.dtype.kind == "f" else values
        self.columns, self.starts = columns, starts
        self.shape = (len(starts) - 1, width)
        self.dtype = self.values.dtype

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: Any) -> SparseRows:
        chosen = np.arange(len(self))[rows]
        counts = (self.starts[1:] - self.starts[:-1])[chosen]
        starts = np.concatenate([[0], np.cumsum(counts)])
        places = np.arange(starts[-1]) + np.repeat(self.starts[chosen] - starts[:-1], counts)
        return SparseRows(self.values[places], self.columns[places], starts, self.shape[1])

    @property
    def rows(self) -> np.ndarray:
        """The row of each value."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def dense(self) -> np.ndarray:
        """The whole matrix with its zeros."""
        matrix = np.zeros(self.shape, self.dtype)
        matrix[self.rows, self.columns] = self.values
        return matrix

    def tensor(self) -> Any:
        """As `fit` gives it to a model: sparse on TensorFlow; the other backends take it with its zeros."""
        if keras.config.backend() != "tensorflow":
            return self.dense()
        import tensorflow as tf

        return tf.SparseTensor(np.stack([self.rows, self.columns], axis=1), self.values, self.shape)


def sparse_rows(value: Any, what: str) -> SparseRows:
    """Rows from a SciPy matrix or a `tf.SparseTensor`.

    Raises:
        DataError: If it is no matrix of numbers.
    """
    if len(value.shape) != 2:
        raise DataError(
            f"Expected sparse {what} as a matrix of samples and features, got shape={tuple(value.shape)}. "
            "Pass a matrix, or a dense array."
        )
    if hasattr(value, "tocsr"):
        matrix = value.tocsr().copy()
        matrix.sum_duplicates()
        return SparseRows(matrix.data, matrix.indices, matrix.indptr, int(matrix.shape[1]))
    import tensorflow as tf

    ordered = tf.sparse.reorder(value)
    rows, columns = ordered.indices.numpy().T
    starts = np.searchsorted(rows, np.arange(int(value.shape[0]) + 1))
    return SparseRows(ordered.values.numpy(), columns, starts, int(value.shape[1]))
