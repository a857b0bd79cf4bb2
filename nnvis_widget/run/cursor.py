"""What is looked at, for all that show the same source."""

from __future__ import annotations

import traitlets


class Cursor(traitlets.HasTraits):
    """Where one looks: one cursor for all panels of a source. A `NetworkView` has the same traits and is one itself.

    Attributes:
        step: The playhead: a step to look at, or `None` to follow the training.
        selection: The chosen unit, `{"layer": id, "unit": index}`, a layer as a whole, `{"layer": id}`, or `{}`.
        sample: Index of the sample that is looked at.
    """

    step = traitlets.Int(None, allow_none=True, min=0)
    selection = traitlets.Dict()
    sample = traitlets.Int(0, min=0)
