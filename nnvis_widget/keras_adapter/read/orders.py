"""Which axis of what layers put out counts their maps, as far as a layer or its neighbours tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import keras

from nnvis_widget.core.anatomy import ANATOMY, Role
from nnvis_widget.core.graph import Channels, Layer, Link, Shape
from nnvis_widget.core.limits import MOST_LINES

STRANGERS: tuple[Role, ...] = ("input", "recurrent", "attention", "embedding", "reshape", "group")
"""What comes out of these is no picture because one went in."""
OVER_PLACES: tuple[Role, ...] = ("embedding", "recurrent", "attention", "dense")
"""What these put out with a rank of three has a row for each place of a sequence, with the units last."""
GIVES_WHAT_IS_TAKEN: tuple[Role, ...] = ("input", "reshape")
WRAPPERS = (keras.layers.RNN, keras.layers.Bidirectional, keras.layers.TimeDistributed)
PADS = ("UpSampling1D", "ZeroPadding1D", "Cropping1D")
"""Layers of no role that leave the axes of a sequence where they are."""


def own_order(operation: Any, role: Role, shapes: tuple[Shape, ...]) -> Channels:
    """What a layer itself tells: pictures in a format, and sequences that a kernel or a window is moved over."""
    rank = len(shapes[0]) if len(shapes) == 1 else 0
    if rank == 3 and (role in OVER_PLACES or isinstance(operation, WRAPPERS)):
        return "last"
    told = getattr(operation, "data_format", None)
    if isinstance(operation, keras.layers.Permute) and rank == 4:
        told = keras.config.image_data_format()
    if told is None or not (rank in (4, 5) or (rank == 3 and ANATOMY[role].has_maps)):
        return ""
    return "first" if told == "channels_first" else "last"


def with_neighbours(
    cards: Iterable[Layer], links: Iterable[Link], exits: Iterable[Link] = ()
) -> Mapping[str, Channels]:
    """The order of each layer by its id: what tells of none has that of what feeds it, an input of what it feeds.

    What is told of nowhere is of Keras' own format where it has the rank of a picture; slices of pictures have their
    maps last where nothing tells of another order.

    Args:
        cards: Layers, and what holds others as a layer.
        links: Between them.
        exits: From layers to what holds them: what it puts out is what they do. It is no sequence itself for that, but
            what follows it has that order.
    """
    known = {card.id: card for card in cards}
    orders: dict[str, Channels] = {card.id: card.channels for card in known.values() if card.channels}
    leaving = {(link.source, link.target) for link in exits}
    told_within: set[str] = set()
    all_links = [link for link in links if link.source in known and link.target in known]
    is_new = True
    while is_new:
        found: dict[str, Channels] = {}
        for link in all_links:
            source, target = known[link.source], known[link.target]
            if source.id not in orders and _is_series(source, target):
                found[source.id] = "last"
            if _rank(source) != _rank(target) or _rank(source) not in (3, 4, 5):
                continue
            may_move = target.role == "opaque" and _rank(target) == 3 and target.type not in PADS
            is_exit = (source.id, target.id) in leaving
            if is_exit and may_move and target.id not in orders and source.id in orders:
                found[target.id] = orders[source.id]
                told_within.add(target.id)
            elif target.id not in orders and source.id in orders and target.role not in STRANGERS and not may_move:
                found[target.id] = orders[source.id]
            is_kept = not may_move or source.output_shape == target.output_shape
            if source.id not in orders and target.id in orders and source.role in GIVES_WHAT_IS_TAKEN and is_kept:
                found[source.id] = orders[target.id]
        orders |= found
        is_new = bool(found)
    usual: Channels = "first" if keras.config.image_data_format() == "channels_first" else ""
    own = {one: order for one, order in orders.items() if one not in told_within}
    is_last = usual == "" and "first" not in orders.values()
    of_rank: dict[int, Channels] = {4: usual, 5: "last" if is_last else ""}
    return {card.id: own.get(card.id, of_rank.get(_rank(card), "")) for card in known.values()}


def _is_series(source: Layer, target: Layer) -> bool:
    """Whether a recurrent layer reads an input of few channels, or what masks one: of many they may be a picture."""
    may_give = source.role == "input" or (source.role == "opaque" and not source.parameters)
    is_read = may_give and target.role == "recurrent" and _rank(source) == 3
    return is_read and (source.output_shape[0][2] or MOST_LINES + 1) <= MOST_LINES


def _rank(card: Layer) -> int:
    return len(card.output_shape[0]) if len(card.output_shape) == 1 else 0
