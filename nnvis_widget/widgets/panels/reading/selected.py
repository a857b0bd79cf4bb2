"""What is selected, as a panel of one layer sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nnvis_widget.core.graph import Layer, NetworkGraph
from nnvis_widget.errors import ModelError
from nnvis_widget.widgets.panels.reading.find_layer import find_layer

SELECTED = "selected"
"""In place of a layer's name: the layer that is selected."""


class FollowedLayer:
    """The layer that a panel shows: a named one, or the selected one as far as the panel can show it.

    Args:
        fitting: The layers that the panel can show, at least one.
        named: The one to stay with; `None` to follow the selection, from the first one on.
    """

    def __init__(self, fitting: Sequence[Layer], named: Layer | None = None) -> None:
        self._fitting = {} if named is not None else {layer.id: layer for layer in fitting}
        self._shown = named or fitting[0]

    def find(self, selection: Mapping[str, Any]) -> Layer:
        """The layer to show; where none is selected, or one that does not fit, the one before."""
        self._shown = self._fitting.get(str(selection.get("layer")), self._shown)
        return self._shown


def follow_parameter(graph: NetworkGraph, name: str | None, parameter: str) -> FollowedLayer:
    """The layer of a name that has a parameter; without a name, or for `selected`, the selected one of those with it.

    Raises:
        ModelError: If there is no such layer, or it has no such parameter.
    """
    fitting = [layer for layer in graph.layers if any(one.name == parameter for one in layer.parameters)]
    if name in (None, SELECTED):
        if not fitting:
            raise ModelError("Expected a layer with weights, this model has none. Build it: model.build((None, n)).")
        return FollowedLayer(fitting)
    layer = find_layer(graph, str(name))
    if layer not in fitting:
        own = ", ".join(repr(one.name) for one in layer.parameters) or "none"
        raise ModelError(
            f"Layer {layer.name!r} ({layer.type}) has no {parameter!r}; its parameters are: {own}. "
            "Pass another layer or parameter=…"
        )
    return FollowedLayer(fitting, layer)


def is_selected(selection: Mapping[str, Any], layer: Layer) -> bool:
    """Whether the layer is selected as a whole."""
    return selection.get("layer") == layer.id and "unit" not in selection


def selected_unit(selection: Mapping[str, Any], layer: Layer, count: int) -> int | None:
    """The selected unit of a layer; `None` where it is another layer's, the layer as a whole, or not below `count`."""
    unit = selection.get("unit")
    if selection.get("layer") != layer.id or not isinstance(unit, int) or not 0 <= unit < count:
        return None
    return unit
