"""How strongly every layer is pushed, and how far it moves."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import ipywidgets
import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.number_text import format_number, safe_text
from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.core.want import Want
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import ModelError
from nnvis_widget.widgets.labels import Labels
from nnvis_widget.widgets.panels.figures.flow_lines import TOKENS, FlowLines
from nnvis_widget.widgets.panels.figures.flow_profile import RANGE_OPACITY, FlowProfile
from nnvis_widget.widgets.panels.figures.legend import area_key, line_key
from nnvis_widget.widgets.panels.figures.style import text
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.reading.flow import MOVE, NORM, SHARE, Flow
from nnvis_widget.widgets.panels.reading.over_time import thinned

WEAKEST = 3
"""So many of the least gradients of a profile are named."""


class GradientFlow(Panel):
    """For each layer the norm of its gradient, and how far a step moves its weights relative to their size.

    Up to eight layers are lines over the steps. More are a profile, from the first layer to the last, of the step
    looked at, over the range of all that is kept: the norm of each gradient, and that beside the norm of the weights.

    Gradients are those of the compiled loss on the probe batch (the first 128 samples), one backward pass when a
    snapshot is due, never every step; they need data with targets. The move is taken from the weights
    of two kept snapshots in a row and divided by the steps between them. The band from 1e-4 to 1e-2 around the usual
    1e-3 is where training tends to be neither stuck nor unstable: a rule of thumb. A file gets the left picture.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel.
        layers: Names or paths of the layers to draw, at every depth; of a group those in it. `None` for all with
            trainable weights.
        data: Samples for a plain model, as for `NetworkView`.
        height: Pixels of the picture, 120 to 1,200.
        linked: Whether step, selection and sample are those of all that shows this source, or its own.

    Raises:
        ModelError: If a layer's name is unknown, or it has no trainable weights.
    """

    title_key = "gradientPanel"
    meaning_key = "gradientMeaning"

    def __init__(
        self,
        source: Any,
        *,
        layers: list[str] | None = None,
        data: Any = None,
        height: int = 240,
        linked: bool = True,
        **traits: Any,
    ) -> None:
        self._names = layers
        super().__init__(source, data=data, height=height, linked=linked, **traits)

    def table(self) -> Any:
        """A row for each kept snapshot that is drawn and layer: step, layer, and its three numbers.

        They are gradient_norm, gradient_ratio (that beside the norm of the weights) and update_ratio. NaN where it was
        not measured, infinite where a gradient is NaN or infinite.
        """
        import pandas as pd

        with self._up_to_date():
            flow = self._flow
            numbers = flow.values.reshape(-1, 3)
            return pd.DataFrame(
                {
                    "step": np.repeat(flow.steps.astype(np.int64), len(flow.layers)),
                    "layer": [layer.name for layer in flow.layers] * len(flow.steps),
                    "gradient_norm": numbers[:, NORM],
                    "gradient_ratio": numbers[:, SHARE],
                    "update_ratio": numbers[:, MOVE],
                }
            )

    def _build(self) -> list[Any]:
        layers = self._chosen_layers()
        self._flow = Flow(layers)
        self._pictures: list[FlowLines | FlowProfile]
        if len(layers) > len(TOKENS):
            self._pictures = [FlowProfile(len(layers), self.height_px) for _ in range(2)]
        else:
            names = [layer.name for layer in layers]
            self._pictures = [FlowLines(names, self.height_px, has_band) for has_band in (False, True)]
        heads = ("normOverDepth", "shareOverDepth") if self._is_profile else ("normOfGradient", "moveShare")
        self._body_labels = Labels()
        boxes = []
        for name, picture in zip(heads, self._pictures, strict=True):
            head = self._body_labels.put(ipywidgets.HTML(), value=partial(_head, name))
            boxes.append(ipywidgets.VBox([head, picture.plot.figure], layout={"flex": "1 1 260px", "min_width": "0"}))
        row = ipywidgets.HBox(boxes)
        row.add_class("nnvis-row")
        return [row]

    @property
    def _is_profile(self) -> bool:
        return isinstance(self._pictures[0], FlowProfile)

    def _chosen_layers(self) -> list[Layer]:
        known = self._by_name
        trainable = [layer for layer in known.all if _is_trained(layer)]
        if self._names is None:
            return trainable
        layers: dict[str, Layer] = {}
        for name in self._names:
            found = [layer for layer in known.find_all(name) if _is_trained(layer)]
            if not found:
                others = ", ".join(repr(one.name) for one in trainable[:8]) or "none"
                raise ModelError(f"Layer {name!r} has no trainable weights. Layers with some: {others}.")
            layers |= {layer.id: layer for layer in found}
        if not layers:
            raise ModelError("Expected at least one layer, got 0. Name some, or leave layers out for all.")
        return list(layers.values())

    def _wants(self) -> Iterable[Want]:
        grain: Any = "moments" if self._is_profile else "whole"
        for layer in self._flow.layers:
            yield Want("weight", layer.id, grain=grain)
            yield Want("gradient", layer.id, grain="moments")

    def _draw(self, snapshot: Snapshot | None) -> None:
        assert self.source is not None
        flow = self._flow
        flow.look(self.source.run)
        if self._is_profile:
            chosen = [place for place, layer in enumerate(flow.layers) if layer.id == self.gaze.look.selection.layer]
            now = flow.at(snapshot)
            for picture, column in zip(self._pictures, (NORM, SHARE), strict=True):
                assert isinstance(picture, FlowProfile)
                picture.show(flow.values[:, :, column], now[:, column], chosen[0] if chosen else None)
            self._tell_profile(snapshot, now, chosen[0] if chosen else None)
            return
        for picture, column in zip(self._pictures, (NORM, MOVE), strict=True):
            assert isinstance(picture, FlowLines)
            picture.show(flow.steps, flow.values[:, :, column], self.gaze.step, self._clock)
        self._tell_lines(snapshot)

    def _tell_lines(self, snapshot: Snapshot | None) -> None:
        said, keys = [], []
        now = self._flow.at(snapshot) if len(self._flow.steps) else ()
        for layer, token, (norm, _, move) in zip(self._flow.layers, TOKENS, now, strict=False):
            parts = [say("gradientIs", value=_told(norm))]
            if np.isfinite(move):
                parts.append(say("moveIs", value=format_number(float(move), 4)))
            listed = say("comma").join(parts)
            said.append(say("nameIs", name=safe_text(layer.name), value=listed))
            keys.append(line_key(say("nameIs", name=text(layer.name), value=listed), token))
        notes = self._notes()
        if snapshot is not None and any(key.quantity == "moments" for key in snapshot.tensors):
            notes.append(say("moveIsKnown"))
        if not self._flow.layers:
            notes.append(say("noTrainable"))
        note = f"{''.join(keys)} {' · '.join(notes)}"
        self._say("", note, say("gradientWords", list=say("semicolon").join(said)), snapshot)

    def _tell_profile(self, snapshot: Snapshot | None, now: np.ndarray, chosen: int | None) -> None:
        layers, norms, shares = self._flow.layers, now[:, NORM], now[:, SHARE]
        known = np.flatnonzero(np.isfinite(norms))
        parts = [say("profileOf", first=safe_text(layers[0].name), last=safe_text(layers[-1].name))]
        if len(known):
            weakest = known[np.argsort(norms[known], kind="stable")]
            named = [self._named(place, norms) for place in weakest[:WEAKEST]]
            parts.append(say("weakestGradients", list=say("comma").join(named)))
            parts.append(say("strongestGradient", layer=self._named(weakest[-1], norms)))
        beside = shares[np.isfinite(shares)]
        if beside.size:
            low, high = format_number(float(beside.min()), 4), format_number(float(beside.max()), 4)
            parts.append(say("sharesFromTo", low=low, high=high))
        not_finite = int(np.isinf(norms).sum())
        bad = say("layersNotFinite", count=not_finite) if not_finite else ""
        silent = int((norms == 0).sum())
        if silent:
            parts.append(say("layersWithout", count=silent))
        if chosen is not None:
            parts.append(self._named(chosen, norms))
        keys = line_key(say("stepLookedAt"), "ink") + area_key(say("keptRange"), "info", RANGE_OPACITY)
        if chosen is not None:
            keys += line_key(text(layers[chosen].name), "ink", is_dashed=True)
        shown = [*map(text, parts), *self._notes()]
        mark = f'<span class="nnvis-bad">▲ {bad}</span> · ' if bad else ""
        words = say("gradientWords", list=say("semicolon").join([*([bad] if bad else []), *parts]))
        self._say(say("layers", count=len(layers)), f"{mark}{' · '.join(shown)} {keys}", words, snapshot)

    def _named(self, place: int, norms: np.ndarray) -> str:
        return f"{safe_text(self._flow.layers[place].name)} ({_told(float(norms[place]))})"

    def _notes(self) -> list[str]:
        assert self.source is not None
        flow, notes = self._flow, []
        if flow.values.size and np.isnan(flow.values[:, :, NORM]).all():
            notes.append(say("gradientsNeedMore"))
        if reduced := thinned(len(flow.steps), self.source.run):
            notes.append(reduced)
        return notes


def _head(key: str) -> str:
    return f'<div class="nnvis-head">{say(key)}</div>'


def _is_trained(layer: Layer) -> bool:
    return any(parameter.is_trainable for parameter in layer.parameters)


def _told(norm: float) -> str:
    if np.isnan(norm):
        return say("notMeasured")
    return say("notFinite") if np.isinf(norm) else format_number(float(norm), 4)
