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


def complaint_about_floors(one: Import, source: str, target: str, floors: Sequence[frozenset[str]]) -> Iterator[str]:
    """What is wrong with an import of folder `target` by folder `source`: nothing if it goes down or stays within."""
    if source == target:
        return
    floor_of = {folder: floor for floor, folders in enumerate(floors) for folder in folders}
    unknown = [folder for folder in (source, target) if folder not in floor_of]
    if unknown:
        yield f"{one.file}:{one.line} {one.module}: {unknown[0] or 'the package itself'} has no floor"
    elif floor_of[target] >= floor_of[source]:
        way = "sideways" if floor_of[target] == floor_of[source] else "up"
        yield f"{one.file}:{one.line} imports {way}: {source} -> {one.module}"
