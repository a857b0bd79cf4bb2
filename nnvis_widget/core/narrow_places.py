"""Where few tensors lead on, so that what lies between is one part of a network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nnvis_widget.core.graph import Link


def parts_between(members: Sequence[str], links: Iterable[Link], border: str | None, width: int) -> list[list[str]]:
    """The members in their order, cut wherever at most so many tensors lead on.

    Args:
        members: In an order in which everything comes behind what it takes.
        links: Between them, and from and to `border`.
        border: What holds them, where that is a group.
        width: The number of tensors.

    Returns:
        Runs of neighbours; one run of all where something leads back.
    """
    places = {member: place for place, member in enumerate(members)}
    last = len(members)
    spans: dict[tuple[str, int, int], tuple[int, int]] = {}
    for link in links:
        start = -1 if link.source == border else places.get(link.source, -1)
        end = last if link.target == border else places.get(link.target, last)
        if end <= start:
            return [list(members)]
        tensor = (link.source, link.source_use, link.output)
        spans[tensor] = (start, max(end, spans.get(tensor, (start, end))[1]))
    changes = [0] * (last + 1)
    for start, end in spans.values():
        changes[max(start, 0)] += 1
        changes[end] -= 1
    parts: list[list[str]] = []
    part: list[str] = []
    crossing = 0
    for place, member in enumerate(members):
        crossing += changes[place]
        part.append(member)
        if crossing <= width:
            parts.append(part)
            part = []
    return [*parts, part] if part else parts
