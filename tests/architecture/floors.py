from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol


class Import(Protocol):
    """`file` imports `module` in this line."""

    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def module(self) -> str: ...


def room_of(path: str, floors: Sequence[frozenset[str]]) -> str:
    """The room a file lies in: of the rooms that begin its path, the longest ("ui/kit" for "ui/kit/dom", else "ui").

    A path that no room of the table begins is a room of its own, without a floor.
    """
    parts = path.split("/")
    ends = range(len(parts), 0, -1)
    rooms = frozenset[str]().union(*floors)
    return next((room for end in ends if (room := "/".join(parts[:end])) in rooms), path)


def complaint_about_floors(one: Import, source: str, target: str, floors: Sequence[frozenset[str]]) -> Iterator[str]:
    """What is wrong with an import of path `target` by path `source`: nothing if it goes down or stays in its room."""
    source, target = room_of(source, floors), room_of(target, floors)
    if source == target:
        return
    floor_of = {room: floor for floor, rooms in enumerate(floors) for room in rooms}
    unknown = [room for room in (source, target) if room not in floor_of]
    if unknown:
        yield f"{one.file}:{one.line} {one.module}: {unknown[0] or 'the package itself'} has no floor"
    elif floor_of[target] >= floor_of[source]:
        way = "sideways" if floor_of[target] == floor_of[source] else "up"
        yield f"{one.file}:{one.line} imports {way}: {source} -> {one.module}"
