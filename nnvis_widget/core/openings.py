"""What of a structure is open at first, and what its layers have in common with the groups around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nnvis_widget.core.structure import Group, NetworkStructure

FEW = 12
"""So many cards or columns have their place side by side."""
UNKNOWN_INSIDE = ("group", "opaque")
OPENABLE = (*UNKNOWN_INSIDE, "attention")


def opened_at_first(structure: NetworkStructure) -> tuple[str, ...]:
    """Paths of the groups that a first look has open: depth by depth, as long as at most twelve layers are seen.

    Where all that there is lies in a single group, that is open however many it holds. What is seen as what it is stays
    closed, such as a dense layer with an activation of its own, and so does what is used several times.
    """
    opened: list[str] = []
    while True:
        shown = structure.folded(opened).layers
        closed = [structure.group(one.id) for one in shown if structure.is_group(one.id)]
        inviting = [group for group in closed if _is_inviting(structure, group)]
        count = len(shown) + sum(len(group.members) - 1 for group in inviting)
        is_alone = len(inviting) == 1 and all(one.role == "input" for one in shown if one.id != inviting[0].id)
        if not inviting or (count > FEW and not is_alone):
            return tuple(opened)
        opened += [group.path for group in inviting]


def known_groups(structure: NetworkStructure, paths: Iterable[str]) -> tuple[str, ...]:
    """Those paths at which a group is."""
    known = {group.path for group in structure.groups}
    return tuple(path for path in paths if path in known)


def closed_group(structure: NetworkStructure, layer_id: str) -> Group | None:
    """The group that a person is offered to open; `None` of a layer, and of what is drawn as the layer that it is."""
    group = structure.group(layer_id) if structure.is_group(layer_id) else None
    return group if group is not None and group.card.role in OPENABLE and group.members else None


def paths_to(structure: NetworkStructure, layer_id: str) -> tuple[str, ...]:
    """Paths of the groups around a layer, the outermost first: what has to be open for it to be seen."""
    around: list[str] = []
    parent = structure.parent_of(layer_id)
    while parent is not None:
        around.append(structure.group(parent).path)
        parent = structure.parent_of(parent)
    return tuple(reversed(around))


def in_sight(structure: NetworkStructure, opened: Iterable[str]) -> Iterator[Group]:
    """The opened groups that are seen: not within a closed one; what holds others comes before them."""
    paths = frozenset(opened)

    def within(members: Iterable[str]) -> Iterator[Group]:
        for member in members:
            if structure.is_group(member) and structure.group(member).path in paths:
                yield structure.group(member)
                yield from within(structure.group(member).members)

    return within(structure.members)


def is_called_once(structure: NetworkStructure, layer_id: str) -> bool:
    """Whether a call of the network is known to call a layer exactly once."""
    at: str | None = layer_id
    while at is not None:
        if structure.layer(at).uses != 1:
            return False
        at = structure.parent_of(at)
    return True


def same_output(structure: NetworkStructure, layer_id: str) -> Iterator[str]:
    """Ids of what puts out the very tensor that a layer or group does: what it holds, and what holds it."""
    if not is_called_once(structure, layer_id):
        return
    inner: str | None = layer_id
    while inner is not None and structure.is_group(inner):
        group = structure.group(inner)
        inner = _only(link.source for link in group.links if link.target == group.id and link.input == 0)
        if inner is None or inner == group.id or not is_called_once(structure, inner):
            break
        yield inner
    outer, parent = layer_id, structure.parent_of(layer_id)
    while parent is not None:
        group = structure.group(parent)
        exits = [link for link in group.links if link.target == group.id and link.input == 0]
        if len(exits) != 1 or exits[0].source != outer or exits[0].output != 0:
            return
        yield parent
        outer, parent = parent, structure.parent_of(parent)


def _is_inviting(structure: NetworkStructure, group: Group) -> bool:
    """Whether more is seen of it when it is open: of a cell that a loop calls, who knows how often, nothing is."""
    is_own = group.kind in ("model", "layer") and group.card.role in UNKNOWN_INSIDE and group.card.face is None
    is_known = group.note is not None or any(structure.layer(one).uses is not None for one in group.members)
    return is_own and group.card.uses == 1 and bool(group.members) and is_known


def _only(values: Iterable[str]) -> str | None:
    several = set(values)
    return several.pop() if len(several) == 1 else None
