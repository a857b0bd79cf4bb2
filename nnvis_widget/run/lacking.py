"""What of a kept snapshot was never asked of it."""

from __future__ import annotations

from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.core.want import Want, Wants

LEARNT = ("learning", "latex", "numpy")
OF_SAMPLES = (
    "activation",
    "map",
    "attention",
    "lane",
    "view",
    "state",
    "volume",
    "embedding",
    "neighbours",
    "z_batch",
    "z_layer",
    *LEARNT,
)
PAST = frozenset((*OF_SAMPLES, "gradient", "field", "predictions"))
"""What can be computed of a snapshot that holds all weights."""


NAMED = ("z_batch", "neighbours", *LEARNT)
"""Of a unit, which the key names."""


def lacking(snapshot: Snapshot, wants: Wants) -> Wants:
    """The wants that a snapshot has no answer to, of those that its weights could answer."""
    return frozenset(want for want in wants if want.quantity in PAST and not _has(snapshot, want))


def _has(snapshot: Snapshot, want: Want) -> bool:
    name = None if want.unit is None or want.quantity not in NAMED else want.name
    return any(
        key.quantity == want.quantity
        and want.layer in (None, key.layer)
        and want.sample in (None, key.sample)
        and name in (None, key.name)
        for key in snapshot.tensors
    )
