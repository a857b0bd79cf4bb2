"""What of a model a snapshot holds, of what is wanted: of a small one more, so that its past can be asked anything."""

from __future__ import annotations

from dataclasses import replace

from nnvis_widget.control.watch_list import UNWATCHED, WatchList
from nnvis_widget.core.want import Want, Wants, samples_of

OUTPUTS = ("activation", "map", "attention", "view")
WHOLE = ("weight", "gradient", *OUTPUTS, "field", "number")
"""What is measured of every layer of a small model where anybody wants it of one."""


def to_measure(watches: WatchList, is_small: bool) -> Wants:
    """What the next snapshot of a model holds: of a small one everything, of a large one the rest as moments."""
    is_watched = watches.is_watched
    if not is_small:
        wants = watches.wants if is_watched else frozenset()
        rest = [quantity for quantity in ("weight", "gradient") if _is_among(quantity, wants)]
        return wants | frozenset(Want(quantity, grain="moments") for quantity in {"weight", *rest})
    wants = watches.wants if is_watched else UNWATCHED
    samples = samples_of(wants) or (0,)
    outputs = {Want(quantity, sample=sample) for sample in samples for quantity in OUTPUTS}
    return everywhere(wants) | outputs | {Want("weight"), Want("kept_state")}


def everywhere(wants: Wants) -> Wants:
    """What a small model is measured for where this is wanted: every layer, whole."""
    return frozenset(
        replace(want, layer=None, grain="whole" if want.grain == "moments" else want.grain)
        if want.quantity in WHOLE and want.unit is None
        else want
        for want in wants
    )


def _is_among(quantity: str, wants: Wants) -> bool:
    return any(want.quantity == quantity for want in wants)
