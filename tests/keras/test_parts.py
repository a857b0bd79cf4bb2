"""Which scripts a page gets beside that of the view: those that the network is drawn with, and no others."""

from __future__ import annotations

from collections.abc import Callable

import keras
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.widgets.parts import AFTERWARDS


def flat() -> keras.Model:
    return keras.Sequential([layers.Input((2,)), layers.Dense(3), layers.Dense(1)])


def of_pictures() -> keras.Model:
    return keras.Sequential([layers.Input((8, 8, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(2)])


def of_tokens() -> keras.Model:
    return keras.Sequential([layers.Input((4,)), layers.Embedding(9, 2), layers.Flatten(), layers.Dense(2)])


def of_steps() -> keras.Model:
    return keras.Sequential([layers.Input((4, 3)), layers.GRU(2), layers.Dense(2)])


def of_groups() -> keras.Model:
    return keras.Sequential([layers.Input((2,)), keras.Sequential([layers.Dense(3), layers.Dense(3)]), layers.Dense(1)])


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (flat, {*AFTERWARDS, "plane"}),
        (of_tokens, {*AFTERWARDS, "maps"}),
        (of_pictures, {*AFTERWARDS, "maps"}),
        (of_steps, {*AFTERWARDS, "levels", "maps", "sequences"}),
        (of_groups, {*AFTERWARDS, "levels", "plane"}),
    ],
)
def test_a_page_gets_the_parts_that_its_network_is_drawn_with(
    make: Callable[[], keras.Model], expected: set[str]
) -> None:
    assert set(nv.NetworkView(make()).get_state("_parts")["_parts"]) == expected


def test_a_view_that_shows_another_network_gets_what_that_one_needs_with_its_graph() -> None:
    view = nv.NetworkView(flat())
    view.model = of_pictures()
    assert set(view.get_state("_parts")["_parts"]) == {*AFTERWARDS, "maps", "plane"}
