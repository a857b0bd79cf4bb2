"""What a view wishes to see, and what it is shown of a snapshot."""

from __future__ import annotations

from dataclasses import dataclass

from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.limits import TOP_K
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import Snapshot
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
    """

    edges: str = "weight"
    sample: int = 0
    selection: tuple[str, int] | None = None
    is_following: bool = True
    detail: str = "bundles"
    top_k: int = TOP_K


@dataclass(frozen=True)
class Shown:
    """A snapshot of a run, as one view wishes to see it.

    Attributes:
        snapshot: What was measured.
        run: What was recorded before and after it.
        graph: The network.
        scenery: Knows which inputs are a picture.
        wish: What the view wishes to see.
    """

    snapshot: Snapshot
    run: Run
    graph: NetworkGraph
    scenery: Scenery
    wish: Wish

    @property
    def sample(self) -> int:
        """Index of the sample that is shown: the wished one where it was measured, else the first that was."""
        samples = self.snapshot.samples
        return self.wish.sample if self.wish.sample in samples else next(iter(samples), 0)
