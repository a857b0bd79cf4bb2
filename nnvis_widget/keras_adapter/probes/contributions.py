"""What each map adds to the output that is shown, for chosen samples."""

from __future__ import annotations

import logging

import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants, samples_of
from nnvis_widget.keras_adapter.contributions import Contributions, contributions
from nnvis_widget.keras_adapter.forward import Forward, ready
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.to_numpy import to_numpy
from nnvis_widget.reduce.shown_output import shows_one_output

log = logging.getLogger("nnvis_widget")


class ContributionProbe:
    """`contribution` of the maps of layers that are looked at: one pass forward and one back for the samples.

    None of a model with several outputs, or whose output is no class, label or single number; none where a slope
    cannot be had, which is no fault: then the maps are told apart by what they put out.
    """

    name = "contributions"

    def __init__(self) -> None:
        self._functions: dict[tuple[str, ...], Contributions | None] = {}

    def answers(self, want: Want) -> bool:
        """`contribution` of a layer for a sample."""
        return want.quantity == "contribution" and want.sample is not None and want.layer is not None

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """Float32 `(maps,)` of each layer and sample."""
        layers = tuple(sorted({want.layer for want in wants if want.layer is not None} & forward.layer_ids))
        is_one = shows_one_output(forward.graph, forward.scenery.task)
        if not layers or not forward.scenery.sample_count or forward.batch_size or not is_one:
            return {}
        samples = samples_of(wants)
        try:
            if layers not in self._functions:
                self._functions[layers] = contributions(forward, layers)
            function = self._functions[layers]
            found = {} if function is None else function(ready(forward.scenery.batch(samples)))
            values = {layer: np.asarray(to_numpy(rows), np.float32) for layer, rows in found.items()}
        except Exception:
            log.debug("no slope of the output", exc_info=True)
            self._functions[layers], values = None, {}
        return {
            TensorKey("contribution", layer, sample=sample): np.array(rows[row])
            for layer, rows in values.items()
            if rows.ndim == 2 and len(rows) == len(samples)
            for row, sample in enumerate(samples)
        }
