"""What a page and a `NetworkView` tell each other by state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import traitlets

from nnvis_widget.core.limits import LEAST_TOP_K, MOST_TOP_K, TOP_K
from nnvis_widget.widgets.front_end import built
from nnvis_widget.widgets.gate import ALLOWED, LAYER_COLORS, LEARNING, MAX_BOOKMARKS, MAX_OPENED, SIZES
from nnvis_widget.widgets.gaze_trait import GazeTrait
from nnvis_widget.widgets.page_widget import PageWidget
from nnvis_widget.widgets.what_if_trait import WhatIfTrait

KEYWORDS = (
    *("source", "data", "linked", "selection", "step", "sample", "edges", "units", "detail", "top_k", "bookmarks"),
    *("validation_points", "discrete", "opened", "layer_color", "learning", "size", "what_if", "height", "rate_hz"),
)


class NetworkTraits(PageWidget):
    """The state of a `NetworkView`, which says what each trait means; `widgets.gate` says what a page may write."""

    _esm = traitlets.Unicode(built("widget.js")).tag(sync=True)
    _css = traitlets.Unicode(built("widget.css")).tag(sync=True)

    _parts = traitlets.Dict().tag(sync=True)
    _steps = traitlets.Dict().tag(sync=True)
    _what_if = traitlets.Dict().tag(sync=True)
    graph = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    index = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    scenery = traitlets.Bytes().tag(sync=True)
    frame = traitlets.Bytes().tag(sync=True)

    selection = GazeTrait({}).tag(sync=True)
    step = GazeTrait(None).tag(sync=True)
    sample = GazeTrait(0).tag(sync=True)
    what_if = WhatIfTrait([]).tag(sync=True)
    edges = traitlets.Enum(["weight", "signal", "gradient"], "weight").tag(sync=True)
    units = traitlets.Enum(["field", "activation"], "field").tag(sync=True)
    detail = traitlets.Enum(["bundles", "top", "all"], "bundles").tag(sync=True)
    top_k = traitlets.Int(TOP_K, min=LEAST_TOP_K, max=MOST_TOP_K).tag(sync=True)
    bookmarks = traitlets.List(traitlets.Int(min=0)).tag(sync=True)
    validation_points = traitlets.Bool(True).tag(sync=True)
    discrete = traitlets.Bool(False).tag(sync=True)
    opened = traitlets.Tuple().tag(sync=True)
    layer_color = traitlets.Enum(LAYER_COLORS, "size").tag(sync=True)
    learning = traitlets.Enum(LEARNING, "closed").tag(sync=True)
    size = traitlets.Enum(SIZES, 1.0).tag(sync=True)
    height = traitlets.Int(640, min=360, max=1200).tag(sync=True)
    rate_hz = traitlets.Float(12.0, min=1.0, max=14.0)

    @traitlets.validate("bookmarks")
    def _check_bookmarks(self, proposal: Any) -> Any:
        steps = sorted(set(proposal["value"]))
        if not ALLOWED["bookmarks"](steps):
            raise traitlets.TraitError(
                f"Expected at most {MAX_BOOKMARKS} whole numbers, got bookmarks={proposal['value']!r:.80}. "
                "Remove some bookmarks first."
            )
        return steps

    @traitlets.validate("opened")
    def _check_opened(self, proposal: Any) -> Any:
        paths = tuple(dict.fromkeys(proposal["value"]))
        if not ALLOWED["opened"](list(paths)):
            raise traitlets.TraitError(
                f"Expected at most {MAX_OPENED} paths of groups, got opened={proposal['value']!r:.80}. "
                "Paths are those of nv.read_graph(model).groups."
            )
        return self._without_unknown(paths)

    def _bring_parts(self, names: Iterable[str]) -> None:
        """Have the page get the scripts of parts, those it has not yet."""
        missing = {name: built(f"{name}.js") for name in names if name not in self._parts}
        if missing:
            self._parts = {**self._parts, **missing}

    @property
    def _changes(self) -> list[dict[str, Any]]:
        """What is tried, as dicts."""
        raise NotImplementedError

    def _suppose(self, values: object) -> None:
        """Try something else; `ValueError` for what cannot be."""
        raise NotImplementedError

    def _without_unknown(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        """The paths of groups that there are."""
        raise NotImplementedError


def expect_known(names: Iterable[str]) -> None:
    """Refuse keywords that a view does not take.

    Raises:
        TypeError: If there is one.
    """
    unknown = set(names) - set(NetworkTraits.class_trait_names()) - {"layout"}
    if unknown:
        raise TypeError(
            f"NetworkView() got an unexpected keyword {min(unknown)!r}; it takes {', '.join(KEYWORDS[:-1])} and "
            f"{KEYWORDS[-1]}"
        )
