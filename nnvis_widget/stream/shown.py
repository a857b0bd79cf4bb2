"""What a view wishes to see, and what it is shown of a snapshot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from operator import is_
from typing import Any

import numpy as np

from nnvis_widget.core.drawings import is_drawn
from nnvis_widget.core.graph import Layer, NetworkGraph
from nnvis_widget.core.limits import TOP_K
from nnvis_widget.core.openings import same_output
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.words.language import LANGUAGE
from nnvis_widget.reduce.map_pictures import strongest_maps
from nnvis_widget.run.headline import Headline, headlines
from nnvis_widget.run.run import Run


@dataclass(frozen=True)
class Wish:
    """What a view wants to see.

    Attributes:
        edges: `weight`, `signal` or `gradient`.
        sample: Index of the chosen sample.
        selection: `(layer id, unit)`, or `None`.
        is_following: Whether the playhead follows the training.
        detail: What is drawn of kernels with more than 4,000 links: `bundles`, `top` or `all`.
        top_k: How many links are drawn where `detail` is `top`.
        layers: Ids of the layers on the screen; `None` for all.
        place: Row and column in the chosen map, or `None`.
        layer: Id of a layer that is chosen as a whole, or `None`.
        layer_color: What colours the layers of a deep network: `size`, `gradient`, `dead` or `change`.
        learning: What is told of how the chosen unit learns: `closed` for nothing, `open`, or beside it a text, `latex`
            or `numpy`.
        what_if: With how many changes the network is drawn that it has not; 0 for the network itself.
    """

    edges: str = "weight"
    sample: int = 0
    selection: tuple[str, int] | None = None
    is_following: bool = True
    detail: str = "bundles"
    top_k: int = TOP_K
    layers: frozenset[str] | None = None
    place: tuple[int, int] | None = None
    layer: str | None = None
    layer_color: str = "size"
    learning: str = "closed"
    what_if: int = 0

    @property
    def learnt(self) -> tuple[str, ...]:
        """The quantities that tell of it."""
        return {"closed": (), "open": ("learning",)}.get(self.learning, ("learning", self.learning))


class Drawn:
    """Remembers for a view what it drew.

    Of a sample, which maps: those of nearly the same size would change places at each step. Of a snapshot, its
    sections: while a training goes on most frames tell only of new metrics.
    """

    def __init__(self) -> None:
        self._before: dict[str, tuple[tuple[int, str, int], np.ndarray]] = {}
        self._last: tuple[tuple[object, ...], tuple[Wish, str], list[Any]] | None = None

    def sections(self, shown: Shown, make: Callable[[Shown], list[Any]]) -> list[Any]:
        """Those made last where they were made of the very same, for the same wish, in the same language."""
        last, asked = self._last, (shown.wish, LANGUAGE.now)
        if last is None or last[1] != asked or not all(map(is_, last[0], shown.parts)):
            self._last = last = shown.parts, asked, make(shown)
        return last[2]

    def choose_maps(self, layer: str, sample: int, by: str, sizes: np.ndarray, chosen: int | None) -> np.ndarray:
        """Twelve maps, in the layer's order.

        Args:
            layer: Its id.
            sample: Index of the sample that is shown; of another one the largest are drawn, whatever was before.
            by: What the sizes are; likewise.
            sizes: Of every map of the layer.
            chosen: A map that is among them in any case.
        """
        kind, (before_kind, before) = (sample, by, len(sizes)), self._before.get(layer, (None, None))
        drawn = strongest_maps(sizes, chosen, before if before_kind == kind else None)
        self._before[layer] = kind, drawn
        return drawn


@dataclass(frozen=True)
class Shown:
    """A snapshot of a run, as one view wishes to see it.

    Attributes:
        snapshot: What was measured.
        run: What was recorded before and after it.
        graph: The network, as far as it is open.
        scenery: Knows which inputs are a picture.
        wish: What the view wishes to see.
        structure: The network at every depth; `None` where its graph is all there is.
        drawn: What the view drew before.
    """

    snapshot: Snapshot
    run: Run
    graph: NetworkGraph
    scenery: Scenery
    wish: Wish
    structure: NetworkStructure | None = None
    drawn: Drawn = field(default_factory=Drawn)

    @property
    def parts(self) -> tuple[object, ...]:
        """What it is made of, but for the wish, and for what the run has recorded since."""
        return self.snapshot, self.graph, self.scenery, self.structure

    @property
    def outermost(self) -> NetworkGraph:
        """The outermost layers, whose outputs are those of the model."""
        return self.graph if self.structure is None or self.run.graph is None else self.run.graph

    @property
    def whole(self) -> NetworkGraph:
        """Every layer."""
        return self.graph if self.structure is None else self.structure.whole

    def put_out(self, quantity: str, layer: str, sample: int = -1) -> np.ndarray | None:
        """Of what a layer puts out, also where that was measured of what is in it, or around it."""
        inner = () if self.structure is None else same_output(self.structure, layer)
        keys = (TensorKey(quantity, one, sample=sample) for one in (layer, *inner))
        return next((self.snapshot.tensors[key] for key in keys if key in self.snapshot.tensors), None)

    @property
    def model_output(self) -> np.ndarray | None:
        """What the only output of the model is for the shown sample, flat; `None` of several, and unmeasured."""
        outputs, tensors = self.outermost.outputs, self.snapshot.tensors
        keys = [TensorKey(quantity, outputs[0], sample=self.sample) for quantity in ("activation", "map")]
        return next((tensors[key] for key in keys if key in tensors), None) if len(outputs) == 1 else None

    @property
    def is_part(self) -> bool:
        """Whether only some layers are sent: the network is large, and the page has told which it shows."""
        return self.wish.layers is not None and not self.graph.is_small

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The layers that are sent: of a small network all, else those on the screen and around the chosen unit."""
        if not self.is_part:
            return self.graph.layers
        lit = lit_layers(self.wish, self.graph)
        return tuple(layer for layer in self.graph.layers if layer.id in lit)

    @property
    def unrecorded(self) -> tuple[str, ...]:
        """Ids of layers on the screen of which a snapshot of the past holds nothing: nobody looked at them then."""
        shown = self.wish.layers if self.is_part and not self.wish.is_following else None
        if shown is None:
            return ()
        held = {key.layer for key in self.snapshot.tensors if key.quantity in ("weight", "bundle", "activation")}
        return tuple(
            layer.id
            for layer in self.layers
            if layer.id in shown and layer.parameters and layer.id not in held and not self.is_group(layer.id)
        )

    def is_group(self, layer: str) -> bool:
        """Whether it is a card for what it holds."""
        return self.structure is not None and self.structure.is_group(layer)

    @cached_property
    def headlines(self) -> dict[str, Headline]:
        """The metrics of the moment, by name."""
        return headlines(self.run, self.snapshot)

    @property
    def sample(self) -> int:
        """Index of the sample that is shown: the wished one where it was measured, else the first that was.

        Of a drawing that goes on, the one before.
        """
        samples, wished = self.snapshot.samples, self.wish.sample
        if wished in samples:
            return wished
        before = [sample for sample in samples if is_drawn(sample)] if is_drawn(wished) else []
        return before[-1] if before else next(iter(samples), 0)


def has_pictures(graph: NetworkGraph, layer_id: str) -> bool:
    """Whether what is drawn of a layer is no number for each unit: maps, heads, what somebody has told to draw."""
    return any(layer.id == layer_id and (layer.picture_shape is not None or is_beside(layer)) for layer in graph.layers)


def is_beside(layer: Layer) -> bool:
    """Whether something else is drawn of a layer than what it puts out, as somebody has told."""
    return layer.face is not None and not layer.face.is_output


def lit_layers(wish: Wish, graph: NetworkGraph) -> frozenset[str]:
    """Layers whose units are seen: those on the screen, what flows into them along edges, and what the model says.

    Those around the chosen unit too: what it is fed by and what it feeds.
    """
    shown = set(wish.layers or ())
    if wish.selection is not None:
        shown.add(wish.selection[0])
        shown.update(graph.targets_of(wish.selection[0]))
    return frozenset({*shown, *(source for layer in shown for source in graph.sources_of(layer)), *graph.outputs})


def last_folded(graph: NetworkGraph, layer: Layer) -> Layer:
    """The layer whose output is drawn in a layer's column: the last of those that only change its values in place."""
    while (after := folded_into(graph, layer)) is not None:
        layer = after
    return layer


def folded_into(graph: NetworkGraph, layer: Layer) -> Layer | None:
    """The layer that only changes a layer's values in place, and is drawn in its column; `None` where there is none."""
    targets = graph.targets_of(layer.id)
    if len(targets) != 1 or layer.id in graph.outputs:
        return None
    after = graph.layer(targets[0])
    is_in_place = after.role == "elementwise" and not after.parameters and after.map_shape == layer.map_shape
    return after if is_in_place and graph.sources_of(after.id) == (layer.id,) else None
