"""What the doctor of a source holds numbers against."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from math import isfinite
from numbers import Real

from nnvis_widget.core.command import SetThreshold
from nnvis_widget.diagnosis.doctor import default_thresholds
from nnvis_widget.errors import CommandError
from nnvis_widget.keras_adapter.checkup import Checkup


class Thresholds(MutableMapping[str, float]):
    """By name; setting one judges all that was looked at anew, deleting one brings back that of the rules.

    Args:
        checkup: The doctor beside the training.
        settle: Posts a command and waits until it is obeyed.

    Raises:
        CommandError: For a name that no rule has, or a value that is no finite number from 0 on.
    """

    def __init__(self, checkup: Checkup, settle: Callable[[SetThreshold], None]) -> None:
        self._checkup = checkup
        self._settle = settle

    def __repr__(self) -> str:
        return f"Thresholds({dict(self)})"

    def __getitem__(self, name: str) -> float:
        default = self.default(name)
        return self._checkup.thresholds.get(name, default)

    def __setitem__(self, name: str, value: float) -> None:
        self.default(name)
        if isinstance(value, bool) or not isinstance(value, Real) or not isfinite(value) or value < 0:
            raise CommandError(f"Expected a finite number from 0 on, got thresholds[{name!r}]={value!r:.80}.")
        self._settle(SetThreshold(name, float(value)))

    def __delitem__(self, name: str) -> None:
        self[name] = self.default(name)

    def __iter__(self) -> Iterator[str]:
        return iter(default_thresholds())

    def __len__(self) -> int:
        return len(default_thresholds())

    def default(self, name: str) -> float:
        """What the rules themselves hold against."""
        known = default_thresholds()
        if name not in known:
            raise CommandError(f"Expected one of {', '.join(known)}, got the threshold {name!r:.80}.")
        return known[name]
