"""What of its network a view has open."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace

from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.number_text import safe_text
from nnvis_widget.core.openings import known_groups, opened_at_first
from nnvis_widget.core.status import Status
from nnvis_widget.errors import CommandError
from nnvis_widget.sources.source import Source
from nnvis_widget.stream.folded_graph import folded_graph, index_of
from nnvis_widget.stream.scenery_frame import scenery_frame
from nnvis_widget.stream.sender import Sender
from nnvis_widget.widgets.network_traits import NetworkTraits
from nnvis_widget.widgets.parts import parts_of
from nnvis_widget.widgets.watching import Watching


class Unfolding(NetworkTraits):
    """The part of a `NetworkView` that folds the network for it, and tells the page.

    Two views of one source may have other groups open.
    """

    _watching: Watching
    _sender: Sender
    _is_opened_by_hand = False
    _proposed: tuple[str, ...] | None = ()
    _shown: tuple[int, int] | None = None
    _networks_before = 0
    _fold: NetworkGraph | None = None
    _fold_of: tuple[str, ...] = ()
    _layers: frozenset[str] | None = None

    @property
    def source(self) -> Source | None:
        """What is shown."""
        raise NotImplementedError

    def _show_structure(self) -> None:
        """Tell the page of another network, or of one that was read anew."""
        source = self.source
        if source is None:
            self.graph, self.index, self.scenery, self._fold = None, None, b"", None
            return
        shown = (id(source), self._told_status(source).generation)
        if shown == self._shown:
            return
        is_other = self._shown is None or shown[0] != self._shown[0]
        self._shown = shown
        self._layers = None
        structure = source.structure
        opened = known_groups(structure, self.opened)
        if self._is_opened_by_hand:
            self._proposed, self._is_opened_by_hand = None, False
        elif not opened if is_other else self.opened == self._proposed:
            opened = self._proposed = opened_at_first(structure)
        with self.hold_sync():
            self._bring_parts(parts_of(structure, source.scenery.task))
            self.scenery = scenery_frame(source.scenery, shown[1])
            self.index = index_of(structure)
            self._fold_as(source, opened)
            self.opened = opened

    def _told_status(self, source: Source) -> Status:
        """What the page is told of a source: no two networks that it is shown have one generation."""
        status = source.status
        return replace(status, generation=self._networks_before + status.generation)

    def _open(self) -> None:
        """Fold the network as its groups are open now; where one looks stays."""
        source = self.source
        if source is None or self._shown is None or self._fold_of == self.opened:
            return
        with self._watching.lock:
            self._fold_as(source, self.opened)
            self._watching.ask()
        self._sender.hurry()

    def _say_structure(self) -> None:
        """Tell of the network in the language of now."""
        if self.source is not None and self._shown is not None:
            with self._watching.lock:
                self._fold_as(self.source, self._fold_of)

    def _fold_as(self, source: Source, opened: tuple[str, ...]) -> None:
        self._fold, self._fold_of = source.structure.folded(opened), opened
        generation = self._shown[1] if self._shown is not None else 0
        self.graph = folded_graph(source.structure, self._fold, opened) | {"generation": generation}

    def _without_unknown(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        if self.source is None:
            return paths
        known = known_groups(self.source.structure, paths)
        unknown = [path for path in paths if path not in known]
        if unknown:
            warnings.warn(
                f"Expected paths of groups of {self.source.graph.name!r}, got {safe_text(unknown[0])!r}, which is none "
                "of them; it is left out. Paths are those of nv.read_graph(model).groups.",
                RuntimeWarning,
                stacklevel=2,
            )
        return known

    def _show_layers(self, layers: Sequence[str]) -> None:
        """The page tells which layers it has on its screen; of a small network all are measured anyway."""
        source = self.source
        unknown = [layer for layer in layers if source is None or not source.structure.has(layer)]
        if unknown:
            raise CommandError(f"Expected ids of the shown layers, got {unknown[0]!r}. Read the graph again.")
        with self._watching.lock:
            if source is not None and not source.graph.is_small and frozenset(layers) != self._layers:
                self._layers = frozenset(layers)
                self._watching.ask()
