"""The variables of a model, each read once a look, whoever asks."""

from __future__ import annotations

from typing import Any

from nnvis_widget.keras_adapter.host_rows import HostRows
from nnvis_widget.keras_adapter.past_weights import value_of
from nnvis_widget.keras_adapter.read.parameter_names import named_variables


class VariableReader:
    """Reads variables where they lie: a group has those of its layers too, and several probes ask for the same.

    It serves one look: the next step changes what was read. Cost: 0.05 ms a variable on TensorFlow.
    """

    def __init__(self) -> None:
        self._rows: dict[int, tuple[Any, HostRows]] = {}
        self._named: dict[int, tuple[Any, dict[str, Any]]] = {}

    def rows(self, variable: Any) -> HostRows:
        """What it holds at the kept step that is looked at, else now."""
        value = value_of(variable)
        if id(value) not in self._rows:
            self._rows[id(value)] = value, HostRows(value)
        return self._rows[id(value)][1]

    def named(self, layer: Any) -> dict[str, Any]:
        """The variables of a layer by name."""
        if id(layer) not in self._named:
            self._named[id(layer)] = layer, named_variables(layer)
        return self._named[id(layer)][1]
