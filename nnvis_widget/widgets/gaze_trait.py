"""Where a widget looks, as its traits."""

from __future__ import annotations

import warnings
from typing import Any

import traitlets

from nnvis_widget.run.gaze import Move


class GazeTrait(traitlets.TraitType[Any, Any]):
    """A part of a widget's `gaze`, named as the trait: read there and written there.

    No copy of it is kept that could lag behind or be written back over a newer one. The widget calls `announce` when
    its gaze has moved.
    """

    def get(self, obj: Any, cls: Any = None) -> Any:
        """What is looked at now."""
        return getattr(obj.gaze, str(self.name))

    def set(self, obj: Any, value: Any) -> None:
        """Look there.

        Raises:
            TraitError: If it is nothing that can be looked at.
        """
        try:
            setattr(obj.gaze, str(self.name), value)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None


def announce(widget: traitlets.HasTraits, move: Move) -> None:
    """Tell the page and whoever else observes these traits of a widget; a failing observer stops nobody."""
    parts = {
        "step": (move.before.step, move.now.step),
        "selection": (move.before.selection.to_dict(), move.now.selection.to_dict()),
        "sample": (move.before.sample, move.now.sample),
    }
    for name, (old, new) in parts.items():
        if old == new:
            continue
        try:
            widget.notify_change(traitlets.Bunch(name=name, old=old, new=new, owner=widget, type="change"))
        except Exception as error:
            warnings.warn(
                f"Expected what observes {name} of {widget!r} to return, it raised {error!r}. Everything else goes on.",
                RuntimeWarning,
                stacklevel=2,
            )
