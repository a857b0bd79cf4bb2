"""What the chosen unit learns of the shown sample."""

from __future__ import annotations

from collections.abc import Iterator

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.shown import Shown


def learning_sections(shown: Shown) -> Iterator[Section]:
    """As it was measured, where the snapshot has it; see `stream/learning_message.py`."""
    if shown.wish.selection is None:
        return
    layer, unit = shown.wish.selection
    for quantity in shown.wish.learnt:
        name = Want(quantity, layer, unit, place=shown.wish.place).name
        told = shown.snapshot.tensors.get(TensorKey(quantity, layer, name, shown.sample))
        if told is not None:
            yield Section(quantity, told, layer, name)
