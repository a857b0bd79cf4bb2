"""All layers of a network in a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.structure import NetworkStructure

MOST_LISTED = 3_000
"""So many layers are listed for a page; together they take less than 200 kB."""


def layers_in_order(structure: NetworkStructure) -> list[Layer]:
    """The layers from the input to the output, those of a group together."""

    def within(members: Iterable[str]) -> Iterator[Layer]:
        for member in members:
            if structure.is_group(member):
                yield from within(structure.group(member).members)
            else:
                yield structure.layer(member)

    return list(within(structure.members))
