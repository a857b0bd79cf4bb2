"""Measuring a model without a training: what the observer does for a set of wants."""

from dataclasses import replace

from nnvis_widget.core.scenery import Scenery
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.probes import PROBES
from nnvis_widget.keras_adapter.read.read_structure import read_structure
from nnvis_widget.keras_adapter.read.read_task import read_task


class Probing:
    """All probes of one model; each `measure` is a look."""

    def __init__(self, model, scenery):
        structure, operations = read_structure(model)
        self.graph = structure.folded()
        scenery = scenery if isinstance(scenery, Scenery) else Scenery(tuple(scenery))
        scenery = replace(scenery, task=read_task(self.graph, scenery, getattr(model, "loss", None)))
        self.forward = Forward(model, self.graph, operations, scenery)
        self._probes = [make() for make in PROBES]

    def measure(self, *wants):
        tensors = {}
        with self.forward.look():
            for probe in self._probes:
                asked = frozenset(filter(probe.answers, wants))
                tensors |= probe.measure(asked, self.forward) if asked else {}
        return tensors
