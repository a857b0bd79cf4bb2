"""What a panel says while changes are tried in a view beside it: it shows the network as it is."""

from __future__ import annotations

from nnvis_widget.core.words.say import say
from nnvis_widget.keras_adapter.what_if.supposing import Supposing
from nnvis_widget.run.gaze import Look
from nnvis_widget.sources.source import Source
from nnvis_widget.widgets.what_if_shown import Supposed


def supposing_of(source: Source | None) -> Supposing | None:
    """What is tried on a source; `None` of one on which nothing can be."""
    return source.supposing if isinstance(source, Supposed) else None


def untried(source: Source | None, look: Look) -> str:
    """The sentence; empty where nothing is tried, and in the past, which views show as it was too."""
    supposing = supposing_of(source)
    is_tried = supposing is not None and bool(supposing.wanted) and look.step is None
    return say("panelUntried") if is_tried else ""
