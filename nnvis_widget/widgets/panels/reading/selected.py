"""What is selected, as a panel of one layer sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nnvis_widget.core.graph import Layer
from nnvis_widget.errors import ModelError
from nnvis_widget.run.gaze import Selection
from nnvis_widget.widgets.panels.reading.layers_by_name import LayersByName

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

    def find(self, selection: Selection) -> Layer:
        """The layer to show; where none is selected, or one that does not fit, the one before."""
        found = self._shown = self._fitting.get(selection.layer or "", self._shown)
        return found  # not what another thread has found meanwhile


def follow_fitting(
    layers: LayersByName,
    name: str | None,
    fits: Callable[[Layer], bool],
    refusal: Callable[[Layer | None, list[Layer]], ModelError],
) -> FollowedLayer:
    """The layer of a name, of those whose output can be seen; without a name, or for `selected`, the selected one.

    Args:
        layers: All.
        name: As a person gives it.
        fits: Whether the panel can show a layer.
        refusal: The error for the layer that was named, `None` where none was, and those that fit.

    Raises:
        ModelError: That of `refusal` where no layer fits, or not the named one.
    """
    fitting = [layer for layer in layers.measured if fits(layer)]
    named = None if name is None or name == SELECTED else layers.find(name)
    if not fitting or (named is not None and named not in fitting):
        raise refusal(named, fitting)
    return FollowedLayer(fitting, named)


def follow_parameter(layers: LayersByName, name: str | None, parameter: str) -> FollowedLayer:
    """The layer of a name that has a parameter; without a name, or for `selected`, the selected one of those with it.

    Raises:
        ModelError: If there is no such layer, or it has no such parameter.
    """
    fitting = [layer for layer in layers.all if any(one.name == parameter for one in layer.parameters)]
    if name is None or name == SELECTED:
        if not fitting:
            raise ModelError("Expected a layer with weights, this model has none. Build it: model.build((None, n)).")
        return FollowedLayer(fitting)
    layer = layers.find(name)
    if all(one.name != parameter for one in layer.parameters):
        own = ", ".join(repr(one.name) for one in layer.parameters) or "none"
        raise ModelError(
            f"Layer {layer.name!r} ({layer.type}) has no {parameter!r}; its parameters are: {own}. "
            "Pass another layer or parameter=…"
        )
    return FollowedLayer(fitting, layer)


def is_selected(selection: Selection, layer: Layer) -> bool:
    """Whether the layer is selected as a whole."""
    return selection == Selection(layer.id)


def selected_unit(selection: Selection, layer: Layer, count: int) -> int | None:
    """The selected unit of a layer; `None` where it is another layer's, the layer as a whole, or not below `count`."""
    unit = selection.unit
    return unit if selection.layer == layer.id and unit is not None and unit < count else None
