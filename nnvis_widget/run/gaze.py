"""Where one looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import index
from threading import Lock
from typing import Any, NamedTuple

from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.run.listeners import Listeners
from nnvis_widget.run.run import Run


@dataclass(frozen=True)
class Selection:
    """What is chosen: a unit, a place in a map, a layer as a whole (no `unit`), or nothing (no `layer`)."""

    layer: str | None = None
    unit: int | None = None
    place: tuple[int, int] | None = None

    @property
    def chosen_unit(self) -> tuple[str, int] | None:
        """Layer and unit; `None` where no unit is chosen."""
        return None if self.layer is None or self.unit is None else (self.layer, self.unit)

    def to_dict(self) -> dict[str, Any]:
        """As it is written: `{"layer": id, "unit": index}`, with `"place": [row, column]`, `{"layer": id}` or `{}`."""
        place = None if self.place is None else list(self.place)
        written = {"layer": self.layer, "unit": self.unit, "place": place}
        return {name: value for name, value in written.items() if value is not None}


@dataclass(frozen=True)
class Look:
    """All of where one looks, at one moment.

    Attributes:
        step: `None` follows the newest snapshot.
        selection: What is chosen.
        sample: Index of the sample whose values are shown.
    """

    step: int | None = None
    selection: Selection = Selection()
    sample: int = 0

    def resolve(self, run: Run) -> Snapshot | None:
        """The snapshot to show: the kept one nearest to the step, or the newest; `None` while the run is empty."""
        if self.step is None:
            return run.latest
        try:
            return run.at(self.step)
        except KeyError:
            return None


class Move(NamedTuple):
    """A change of where one looks."""

    before: Look
    now: Look

    @property
    def is_asking(self) -> bool:
        """Whether something else may have to be measured: elsewhere, of another sample, or at a step of the past."""
        before, now = self
        chosen = [(look.selection.layer, look.selection.unit, look.sample) for look in self]
        is_elsewhere = chosen[0] != chosen[1]
        return is_elsewhere or now.step not in (None, before.step)

    @property
    def is_elsewhere(self) -> bool:
        """Whether something else is chosen, were it another place in the same map."""
        return self.before.selection != self.now.selection


class Gaze:
    """Where one looks at what a source shows: step, selection and sample; one for all that is made from the source.

    Thread-safe: a change is whole, and the last one counts. Listeners hear of moves one after the other, in their
    order. A move made while they are told, by one of them or on another thread, is told next by the thread that is at
    it; of several that wait they hear as of one.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._look = self._told = Look()
        self._is_telling = False
        self._listeners: Listeners[Move] = Listeners()

    @property
    def look(self) -> Look:
        """Step, selection and sample of one moment."""
        return self._look

    @property
    def step(self) -> int | None:
        """The step looked at, wherever the training is; `None` follows the newest snapshot.

        Raises:
            ValueError: If it is set to something else.
        """
        return self._look.step

    @step.setter
    def step(self, value: int | None) -> None:
        self._move(step=None if value is None else _whole("step", value, ", or None to follow the training"))

    @property
    def selection(self) -> dict[str, Any]:
        """The chosen unit, `{"layer": id, "unit": index}`, a layer as a whole, `{"layer": id}`, or `{}`.

        Raises:
            ValueError: If it is set to something else.
        """
        return self._look.selection.to_dict()

    @selection.setter
    def selection(self, value: Mapping[str, Any]) -> None:
        self._move(selection=_read_selection(value))

    @property
    def sample(self) -> int:
        """Index of the sample that is looked at.

        Raises:
            ValueError: If it is set to something else.
        """
        return self._look.sample

    @sample.setter
    def sample(self, value: int) -> None:
        self._move(sample=_whole("sample", value))

    def seek_by(self, run: Run, count: int) -> None:
        """Move by `count` kept snapshots of the run, not beyond its ends.

        While following, forwards leads nowhere; an empty run leaves the step where it is.
        """
        with self._lock:
            latest, step = run.latest, self._look.step
            if latest is None or (step is None and count >= 0):
                return
            try:
                there = run.neighbour(latest.step if step is None else step, count)
            except KeyError:  # cleared meanwhile
                return
            self._look = replace(self._look, step=there.step)
        self._tell()

    def subscribe(self, listener: Callable[[Move], object]) -> Callable[[], None]:
        """Call `listener` after every move; the result, called, ends that."""
        return self._listeners.subscribe(listener)

    def _move(self, **parts: Any) -> None:
        with self._lock:
            self._look = replace(self._look, **parts)
        self._tell()

    def _tell(self) -> None:
        with self._lock:
            if self._is_telling:
                return
            self._is_telling = True
        try:
            while (move := self._next_move()) is not None:
                self._listeners.notify(move)
        except BaseException:  # an interrupt
            self._is_telling = False
            raise

    def _next_move(self) -> Move | None:
        with self._lock:
            move = Move(self._told, self._look)
            self._told = self._look
            self._is_telling = move.now != move.before
            return move if self._is_telling else None


def _whole(name: str, value: Any, others: str = "") -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__") or index(value) < 0:
        raise ValueError(f"Expected a {name} of 0 or more{others}, got {name}={value!r}.")
    return index(value)


def _is_index(value: Any) -> bool:
    return hasattr(value, "__index__") and not isinstance(value, bool) and index(value) >= 0


def _read_selection(value: object) -> Selection:
    shapes: tuple[set[str], ...] = (set(), {"layer"}, {"layer", "unit"}, {"layer", "unit", "place"})
    if isinstance(value, Mapping) and set(value) in shapes:
        layer, unit, place = value.get("layer"), value.get("unit", 0), value.get("place", (0, 0))
        is_layer = not value or (isinstance(layer, str) and layer != "")
        is_place = isinstance(place, Sequence) and len(place) == 2 and all(map(_is_index, place))
        if is_layer and _is_index(unit) and is_place:
            there = (index(place[0]), index(place[1])) if "place" in value else None
            return Selection(layer, index(unit) if "unit" in value else None, there)
    raise ValueError(
        f"Expected a unit or a layer, got selection={value!r}. "
        'Choose one such as {"layer": "L1", "unit": 0} or {"layer": "L1"}, or {} for none.'
    )
