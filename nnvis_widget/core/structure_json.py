"""The whole structure of a network as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from nnvis_widget.core.graph import Layer, Link

if TYPE_CHECKING:
    from nnvis_widget.core.structure import NetworkStructure


def structure_json(structure: NetworkStructure) -> dict[str, Any]:
    """Plain lists, dicts, strings and integers, under 250 bytes a layer.

    What many layers have in common stands once in a table, and is told by its place there; what is as usual is left
    out. Links are `[source, target, source use, target use, output, input]` without zeros at the end.
    """
    kinds, shapes, parameters = _Table(), _Table(), _Table()

    def row(layer: Layer, own: bool = True) -> dict[str, Any]:
        return {
            "id": layer.id,
            "name": layer.name,
            "kind": kinds.place((layer.type, layer.role, layer.dtype, layer.activation)),
            "output_shape": shapes.place(layer.output_shape),
            **({"parameters": parameters.place(layer.parameters)} if layer.parameters and own else {}),
            **({"path": layer.path} if layer.path != layer.name else {}),
            **({"uses": layer.uses} if layer.uses != 1 else {}),
            **({"note": layer.note} if layer.note is not None else {}),
            **({"unit_names": list(layer.unit_names)} if layer.unit_names else {}),
        }

    layers = [row(layer) for layer in structure.layers]
    groups = [
        row(group.card, own=False)
        | {"group": group.kind, "members": list(group.members), "links": _rows(group.links), "inside": group.note}
        for group in structure.groups
    ]
    return {
        "name": structure.name,
        "layers": layers,
        "groups": groups,
        "members": list(structure.members),
        "links": _rows(structure.links),
        "inputs": list(structure.inputs),
        "outputs": list(structure.outputs),
        "parameter_count": structure.parameter_count,
        "trainable_count": structure.trainable_count,
        "is_built": structure.is_built,
        "note": structure.note,
        "kinds": [list(kind) for kind in kinds.values],
        "shapes": [[list(shape) for shape in one] for one in shapes.values],
        "parameters": [
            [[one.name, list(one.shape), one.dtype, one.is_trainable] for one in several]
            for several in parameters.values
        ],
    }


class _Table:
    """Distinct values and their places."""

    def __init__(self) -> None:
        self._places: dict[Any, int] = {}

    def place(self, value: Any) -> int:
        return self._places.setdefault(value, len(self._places))

    @property
    def values(self) -> tuple[Any, ...]:
        return tuple(self._places)


def _rows(links: Iterable[Link]) -> list[list[Any]]:
    rows = []
    for link in links:
        row = [link.source, link.target, link.source_use, link.target_use, link.output, link.input]
        while row[-1] == 0:
            row.pop()
        rows.append(row)
    return rows
