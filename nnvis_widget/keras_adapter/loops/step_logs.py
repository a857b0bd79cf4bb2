"""What Keras reports of each step."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from nnvis_widget.keras_adapter.to_numpy import to_numpy

MOST_CURVES = 100
"""A vector of more numbers is left out: nobody reads so many curves."""
UNNAMED = "(no name)"


@dataclass(frozen=True)
class StepLogs:
    """Metrics of consecutive steps.

    Attributes:
        names: n metric names.
        values: `(k, n)` float64, one row per step.
        left_out: Names of what is no number.
        vectors: Names of metrics that are several numbers, each of which has a name of its own in `names`.
    """

    names: tuple[str, ...]
    values: np.ndarray
    left_out: tuple[str, ...] = ()
    vectors: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    @property
    def last(self) -> dict[str, float]:
        """The metrics of the last step."""
        return dict(zip(self.names, self.values[-1].tolist(), strict=True)) if len(self) else {}

    @property
    def told(self) -> dict[str, Any]:
        """The metrics of the last step as Keras tells its callbacks: a vector is one array."""
        places = {_place(name, index): name for name in self.vectors for index in range(MOST_CURVES)}
        told: dict[str, Any] = {}
        for name, value in self.last.items():
            if name in places:
                told.setdefault(places[name], []).append(value)
            else:
                told[name] = value
        return {name: np.array(value) if name in self.vectors else value for name, value in told.items()}


def flatten_logs(logs: Mapping[str, Any]) -> dict[str, Any]:
    """One level of names, each with one value: `f1_score[2]` of a metric that is a vector, such as one value a class.

    Nested dicts are merged as Keras' History has them. Values may be tensors of a graph.
    """
    flat: dict[str, Any] = {}
    for name, value in logs.items():
        if isinstance(value, Mapping):
            flat |= flatten_logs(value)
            continue
        said, length = str(name) or UNNAMED, _length(value)
        if length is None or length > MOST_CURVES:
            flat[said] = value
        elif length == 1:
            flat[said] = value[0]
        else:
            flat |= {_place(said, index): value[index] for index in range(length)}
    return flat


def one_step(logs: Mapping[str, Any]) -> StepLogs:
    """The logs of a single step; what is no number is named as left out."""
    numbers: dict[str, float] = {}
    left_out = []
    whole = _on_host(logs)
    for name, value in flatten_logs(whole).items():
        number = _number(value)
        if number is None:
            left_out.append(name)
        else:
            numbers[name] = number
    values = np.array([list(numbers.values())], np.float64).reshape(1, len(numbers))
    return StepLogs(tuple(numbers), values, tuple(left_out), tuple(_vectors(whole)))


class LeftOut:
    """Says once of each metric that it is no number, and so has no curve."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def tell(self, names: Iterable[str]) -> None:
        """Warn of those that are new."""
        new = [name for name in names if name not in self._known]
        self._known.update(new)
        if new:
            warnings.warn(
                f"nnvis_widget draws no curve of {', '.join(map(repr, new))}: expected a number, or at most "
                f"{MOST_CURVES} of them in a row, at each step. The training goes on.",
                RuntimeWarning,
                stacklevel=2,
            )


def _on_host(logs: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _on_host(value)
        if isinstance(value, Mapping)
        else to_numpy(value)
        if keras.ops.is_tensor(value)
        else value
        for name, value in logs.items()
    }


def _vectors(logs: Mapping[str, Any]) -> Iterator[str]:
    for name, value in logs.items():
        if isinstance(value, Mapping):
            yield from _vectors(value)
        elif 1 < (_length(value) or 0) <= MOST_CURVES:
            yield str(name) or UNNAMED


def _place(name: str, index: int) -> str:
    return f"{name}[{index}]"


def _length(value: Any) -> int | None:
    """Of a vector; `None` for all else."""
    try:
        sizes = tuple(value.shape) if hasattr(value, "shape") else np.shape(value)
    except (TypeError, ValueError):  # a tensor of unknown rank, a ragged list
        return None
    return sizes[0] if len(sizes) == 1 else None


def _number(value: Any) -> float | None:
    try:
        array = np.asarray(value)
        return None if array.size != 1 or array.dtype.kind in "USOcMm" else float(array.astype(np.float64).reshape(()))
    except (TypeError, ValueError):
        return None
