"""Batches in a defined order."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from math import ceil
from numbers import Real
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.argument import shown
from nnvis_widget.errors import CommandError, DataError
from nnvis_widget.keras_adapter.arrays import count_of, of_torch, rows_of
from nnvis_widget.keras_adapter.to_numpy import to_numpy

Batch = tuple[Any, Any, Any]


class ArrayFeed:
    """Arrays in memory, cut into batches; each epoch's order depends on `seed` and the epoch alone.

    `is_dense` says whether a graph can gather the batches by itself: neither sparse rows nor rows of different lengths.

    Args:
        x: An array, or a nest of arrays, samples first, as `split_arrays` gives it.
        y: Likewise, or `None`.
        sample_weight: `(n,)`, or one for each output, or `None`.
        batch_size: Samples per step; the last batch of an epoch may be smaller.
        shuffle: Whether each epoch has an order of its own, else the order given.
        seed: For the shuffling.
    """

    def __init__(self, x: Any, y: Any, sample_weight: Any, batch_size: int, shuffle: bool, seed: int) -> None:
        self.x, self.y, self.sample_weight = x, y, sample_weight
        self.sample_count = count_of(x)
        self.is_dense = all(isinstance(array, np.ndarray) for array in keras.tree.flatten(x))
        self.shuffle = shuffle
        self.seed = seed
        self._batch_size = min(batch_size, self.sample_count)
        self.start_epoch(0)

    @property
    def batch_size(self) -> int:
        """Samples per step, from the next step on."""
        return self._batch_size

    @batch_size.setter
    def batch_size(self, value: int) -> None:
        self.check_batch_size(value)
        self._batch_size = int(value)

    def check_batch_size(self, value: float) -> None:
        """See that the batch size can be set to this value; `CommandError` if not."""
        is_number = isinstance(value, Real) and not isinstance(value, bool)
        if not is_number or not 1 <= value <= self.sample_count or int(value) != value:
            raise CommandError(
                f"Expected a whole batch size from 1 to {self.sample_count} (the number of samples), "
                f"got batch_size={shown(value)}. Choose one such as {min(32, self.sample_count)}."
            )

    @property
    def steps_per_epoch(self) -> int:
        """Steps of a whole epoch at the present batch size."""
        return ceil(self.sample_count / self._batch_size)

    @property
    def remaining_steps(self) -> int:
        """Steps to the end of the running epoch at the present batch size."""
        return ceil((self.sample_count - self._position) / self._batch_size)

    def start_epoch(self, epoch: int) -> None:
        """Begin the order of this epoch (the first is 0)."""
        self._order = np.arange(self.sample_count, dtype=np.int32)
        if self.shuffle:
            np.random.default_rng([self.seed, epoch]).shuffle(self._order)
        self._position = 0

    def keep(self) -> Callable[[], None]:
        """Note where the epoch stands; what is returned goes back there."""
        order, position = self._order, self._position

        def bring_back() -> None:
            self._order, self._position = order, position

        return bring_back

    def take(self, steps: int) -> np.ndarray:
        """Indices `(k, batch)` of the next steps of this epoch, at most `steps`; a smaller last batch comes alone."""
        size = self._batch_size
        whole = (self.sample_count - self._position) // size
        count = min(steps, whole)
        end = self._position + count * size if count else self.sample_count
        indices = self._order[self._position : end].reshape(count or 1, -1)
        self._position = end
        return indices

    def peek(self, epoch: int | None = None) -> np.ndarray:
        """Indices of the next step, which stays the next one; with `epoch` those of the first step of that epoch."""
        bring_back = self.keep()
        if epoch is not None:
            self.start_epoch(epoch)
        indices: np.ndarray = self.take(1)[0]
        bring_back()
        return indices

    def batch(self, indices: np.ndarray) -> Batch:
        """The samples with these indices."""
        x, y, sample_weight = (
            None if part is None else rows_of(part, indices) for part in (self.x, self.y, self.sample_weight)
        )
        return x, y, sample_weight


class StreamFeed:
    """Anything that yields batches: a `tf.data.Dataset`, a `PyDataset`, a generator.

    A generator that ends is over; anything that can be iterated again begins anew with each epoch.

    Args:
        batches: Yields `x`, `(x, y)` or `(x, y, sample_weight)`.
        class_weight: Weight of each class index, multiplied into each batch's sample weights.
        steps_per_epoch: Where an epoch ends in an endless stream.

    Attributes:
        on_first_batch: Called once with inputs, targets and sample weights of the first batch, before it is trained on.
        steps_per_epoch: As given, or as long as the stream says it is, or was in the epoch before; else `None`.
        is_cut: Whether it was given.
        is_counted: Whether it is known from the start, so that the last batch is known to be the last.
        elements: What is left of the stream, as it yields it; `None` before its first epoch.
    """

    def __init__(
        self, batches: Any, class_weight: Mapping[int, float] | None = None, steps_per_epoch: int | None = None
    ) -> None:
        self.batches = batches
        self.class_weight = class_weight
        self.steps_per_epoch = steps_per_epoch if steps_per_epoch is not None else _length(batches)
        self.is_cut = steps_per_epoch is not None
        self.is_counted = self.steps_per_epoch is not None
        self.on_first_batch: Callable[[Any, Any, Any], None] | None = None
        self.elements: Ahead | None = None
        self._early: Ahead | None = None
        self._is_new = True
        self._taken = 0

    def begin(self) -> None:
        """Begin a training, as `fit` does: a `PyDataset` hears of the end of an epoch before the first one."""
        self._is_new = True
        self.end_epoch()

    def start_epoch(self, epoch: int) -> None:
        """Begin the stream anew, unless an endless one goes on."""
        if isinstance(self.batches, keras.utils.PyDataset):
            self.batches.on_epoch_begin()
        if self._begins_anew(self._is_new):
            self.elements = self._early or self._from_start()
        self._early, self._is_new, self._taken = None, False, 0

    def peek(self, begins_epoch: bool, begins_training: bool) -> Batch | None:
        """The next batch, which stays the next one; `None` where the stream is over.

        Args:
            begins_epoch: Whether it is the first one of an epoch that has not begun.
            begins_training: Whether the training begins with it, so that the stream does.

        Raises:
            DataError: If only the beginning of the epoch says which one it is.
        """
        elements = self.elements
        if begins_epoch:
            if _listens_to_epochs(self.batches):
                raise DataError(
                    "Expected a batch that is known before its epoch begins, got a PyDataset that makes its batches "
                    "in on_epoch_begin() or on_epoch_end(). Take one step first: trainer.run_steps(1)."
                )
            if self._begins_anew(self._is_new or begins_training):
                elements = self._early = self._early or self._from_start()
        element = None if elements is None else elements.peek()
        return None if element is None else self._weighed(keras.tree.map_structure(_of_this_backend, element))

    def keep_next(self) -> Callable[[], None]:
        """Note the batch that was peeked at; what is returned makes it the next one again."""
        elements = self._early or self.elements
        element = None if elements is None or not elements.has_kept else elements.peek()

        def give_back() -> None:
            if elements is not None and element is not None and not elements.has_kept:
                elements.give_back(element)

        return give_back

    def _begins_anew(self, is_new: bool) -> bool:
        """Whether the epoch that begins takes the stream from its start."""
        return is_new or not self.is_cut or self.elements is None

    def _from_start(self) -> Ahead:
        """The stream from its start; of what can be gone through only once, what is left of it."""
        iterator = _iterate(self.batches)
        return self.elements if self.elements is not None and self.elements.is_over(iterator) else Ahead(iterator)

    def end_epoch(self) -> None:
        """Tell a `PyDataset` that an epoch is over, as `fit` does, before the validation."""
        if isinstance(self.batches, keras.utils.PyDataset):
            self.batches.on_epoch_end()

    def next_batch(self) -> Batch | None:
        """The next batch of this epoch; `None` at its end."""
        if self.elements is None or (self.is_cut and self._taken == self.steps_per_epoch):
            return None
        batch = self.elements.take()
        if batch is None:
            self.ran_out(self._taken)
            return None
        self._taken += 1
        return self.weigh(keras.tree.map_structure(_of_this_backend, batch))

    def ran_out(self, taken: int) -> None:
        """The stream is over after so many batches: from now on an epoch ends with it, as in `fit`."""
        if self.is_cut:
            warnings.warn(
                f"Expected {self.steps_per_epoch} batches an epoch (steps_per_epoch), got {taken}: each epoch now ends "
                "with the stream. Pass one that repeats, or fewer steps_per_epoch.",
                UserWarning,
                stacklevel=2,
            )
        self.is_cut = False
        self.steps_per_epoch = taken

    def weigh(self, batch: Any) -> Batch:
        """Split a batch into its parts and apply the class weights."""
        if self.on_first_batch is not None:
            on_first_batch, self.on_first_batch = self.on_first_batch, None
            on_first_batch(*keras.utils.unpack_x_y_sample_weight(batch))
        return self._weighed(batch)

    def _weighed(self, batch: Any) -> Batch:
        x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(batch)
        if self.class_weight is not None:
            sample_weight = weigh_classes(y, self.class_weight, sample_weight)
        return x, y, sample_weight


class Ahead:
    """An iterator of which the next element can be looked at."""

    def __init__(self, iterator: Iterator[Any]) -> None:
        self.iterator = iterator
        self._kept: list[Any] = []

    @property
    def has_kept(self) -> bool:
        """Whether the next element was looked at, and so is no longer in the iterator."""
        return bool(self._kept)

    def peek(self) -> Any:
        """The next element, which stays the next one; `None` at the end."""
        element = self.take()
        if element is not None:
            self.give_back(element)
        return element

    def take(self) -> Any:
        """The next element; `None` at the end."""
        return self._kept.pop() if self._kept else next(self.iterator, None)

    def give_back(self, element: Any) -> None:
        """What was taken last is the next one again."""
        self._kept.append(element)

    def is_over(self, iterator: Iterator[Any]) -> bool:
        """Whether it goes through this very iterator."""
        return self.iterator is iterator


def _listens_to_epochs(batches: Any) -> bool:
    """Whether a `PyDataset` does something of its own where an epoch begins or ends."""
    plain: Any = keras.utils.PyDataset
    return isinstance(batches, plain) and any(
        getattr(type(batches), name) is not getattr(plain, name) for name in ("on_epoch_begin", "on_epoch_end")
    )


def _of_this_backend(leaf: Any) -> Any:
    """What a pipeline of another library yields, as arrays: `fit` makes them of its tensors, too."""
    library = type(leaf).__module__.partition(".")[0]
    if library == keras.config.backend() or library not in ("tensorflow", "torch") or not hasattr(leaf, "numpy"):
        return leaf
    return (of_torch(leaf) if library == "torch" else leaf).numpy()


def weigh_classes(y: Any, class_weight: Mapping[int, float], sample_weight: Any = None) -> np.ndarray:
    """Sample weights from class weights, as Keras' `fit` has them: classes that are not named weigh 1.

    Args:
        y: Class indices `(n,)` or `(n, 1)`, or one-hot rows `(n, classes)`.
        class_weight: Weight by class index.
        sample_weight: Multiplied in where given.
    """
    labels = to_numpy(y)
    if labels.ndim > 1:
        labels = labels.argmax(axis=-1) if labels.shape[-1] > 1 else labels[..., 0]
    weights = np.ones(labels.shape, np.float32)
    for label, weight in class_weight.items():
        weights[labels == label] = weight
    if sample_weight is not None:
        weights = weights * np.asarray(to_numpy(sample_weight), np.float32)
    return weights


def _iterate(batches: Any) -> Iterator[Any]:
    if isinstance(batches, keras.utils.PyDataset):
        count = batches.num_batches
        return (batches[index] for index in range(count)) if count is not None else _count_up(batches)
    return iter(batches)


def _count_up(batches: Any) -> Iterator[Any]:
    index = 0
    while True:
        yield batches[index]
        index += 1


def _length(batches: Any) -> int | None:
    if isinstance(batches, keras.utils.PyDataset):
        count = batches.num_batches
        return None if count is None else int(count)
    if hasattr(batches, "cardinality"):
        count = int(batches.cardinality())
        if count >= 0:
            return count
        return None
    try:
        return len(batches)
    except TypeError:
        return None
