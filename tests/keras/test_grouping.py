"""Do stages and repeats say what there is, and lose nothing? On the zoo and on models of Keras."""

from functools import cache

import keras
import pytest
from keras import layers

from nnvis_widget.core.grouping import FEW, grouped
from nnvis_widget.keras_adapter.read.read_structure import read_structure
from nnvis_widget.keras_adapter.read_graph import read_graph
from tests.zoo import ZOO


def numbered(number, x):
    """A block with a way around, by the names that people give."""
    y = layers.Dense(4, "relu", name=f"stage{number // 4}_block{number}_one")(x)
    y = layers.Dense(4, name=f"stage{number // 4}_block{number}_two")(y)
    return layers.Add(name=f"stage{number // 4}_block{number}_out")([x, y])


@cache
def blocks():
    x = start = layers.Input((4,), name="start")
    for number in range(8):
        x = numbered(number, x)
    return keras.Model(start, layers.Dense(2, name="end")(x))


MODELS = {**ZOO, "named blocks": blocks, "MobileNetV2": lambda: keras.applications.MobileNetV2(weights=None)}


def paths_of(graph):
    return [layer.path for layer in graph.layers]


def links_of(graph):
    return {(link.source, link.target) for link in graph.links}


def made_here(structure):
    return {group.path for group in structure.groups if group.kind in ("stage", "repeat")}


def has_a_circle(graph):
    waiting, seen = [(layer.id, ()) for layer in graph.layers], {}
    counts = {layer.id: 0 for layer in graph.layers}
    for _, target in links_of(graph):
        counts[target] += 1
    free = [layer for layer, count in counts.items() if count == 0]
    while free:
        layer = free.pop()
        seen[layer] = waiting
        for target in set(graph.targets_of(layer)):
            counts[target] -= 1
            if counts[target] == 0:
                free.append(target)
    return len(seen) < len(counts)


@pytest.mark.parametrize("name", MODELS)
def test_groups_hold_what_was_there_and_opened_they_show_it_as_it_was(name):
    plain = read_structure(MODELS[name]()).structure
    structure = grouped(plain)
    assert structure.layers == plain.layers
    cards = [*structure.layers, *(group.card for group in structure.groups)]
    assert len({card.id for card in cards}) == len({card.path for card in cards}) == len(cards)
    before = {group.path for group in plain.groups}
    for opened in [set(), before]:
        as_it_was, shown = plain.folded(opened), structure.folded(opened | made_here(structure))
        assert sorted(paths_of(shown)) == sorted(paths_of(as_it_was))
        assert links_of(shown) == links_of(as_it_was)
        assert (shown.inputs, shown.outputs) == (as_it_was.inputs, as_it_was.outputs)


@pytest.mark.parametrize("name", MODELS)
def test_closed_groups_make_no_circle_and_count_as_what_they_hold(name):
    structure = grouped(read_structure(MODELS[name]()).structure)
    plain = read_structure(MODELS[name]()).structure
    assert has_a_circle(structure.folded()) == has_a_circle(plain.folded())
    assert sum(layer.parameter_count for layer in structure.folded().layers) == sum(
        layer.parameter_count for layer in plain.folded().layers
    )


def test_names_that_begin_alike_up_to_a_number_are_stages_and_blocks_that_are_alike_are_one_card():
    structure = read_graph(blocks())
    assert paths_of(structure.folded()) == ["start", "stage0", "stage1", "end"]
    assert links_of(structure.folded()) == {
        (structure.at(one).id, structure.at(other).id)
        for one, other in [("start", "stage0"), ("stage0", "stage1"), ("stage1", "end")]
    }
    stage = structure.group(structure.at("stage0").id)
    assert (stage.kind, stage.card.note, stage.card.parameter_count) == ("stage", "12 layers", 8 * 20)
    assert stage.card.output_shape == ((None, 4),)
    assert "stage0_block0_one" in paths_of(structure.folded({"stage0"}))


def test_more_than_sixteen_in_a_stage_are_blocks_and_three_alike_are_one_card():
    x = start = layers.Input((4,))
    for number in range(6):
        for kind, part in (("relu", "a"), ("tanh", "b"), (None, "c")):
            x = layers.Dense(4, kind, name=f"deep_block{number}_{part}")(x)
    structure = read_graph(keras.Model(start, layers.Dense(1, name="end")(x)))
    assert paths_of(structure.folded()) == ["input_layer", "deep", "end"]
    deep = structure.group(structure.at("deep").id)
    assert (deep.kind, deep.card.note) == ("repeat", "6 alike")
    assert paths_of(structure.folded({"deep"})) == ["input_layer", *(f"deep_block{n}" for n in range(6)), "end"]


def test_three_blocks_of_the_same_structure_beside_others_are_one_card():
    structure = read_graph(keras.applications.ResNet50(weights=None))
    repeat = structure.group(structure.at("conv4_block2 … conv4_block6").id)
    assert (repeat.kind, repeat.card.note, repeat.card.uses) == ("repeat", "5 alike", 1)
    assert [structure.layer(one).path for one in repeat.members] == [f"conv4_block{n}" for n in range(2, 7)]
    assert len(structure.folded().layers) <= FEW


@pytest.mark.parametrize("sizes", [True, False])
def test_layers_of_one_kind_but_other_weights_are_not_alike(sizes):
    x = start = layers.Input((4,))
    for number in range(16):
        x = layers.Dense(4 + number % 2 if sizes else 4, use_bias=sizes or number % 2 == 0)(x)
    structure = read_graph(keras.Model(start, x))
    assert structure.groups == ()


def test_what_lies_between_places_that_one_tensor_leads_through_is_a_stage():
    x = start = layers.Input((4,))
    for number in range(6):
        wide = [layers.Dense(4 + number)(x) for _ in range(4)]
        x = layers.Concatenate()([layers.Dense(3)(one) for one in wide])
    structure = read_graph(keras.Model(start, layers.Dense(1, name="end")(x)))
    graph = structure.folded()
    assert len(graph.layers) == 8
    assert [layer.note for layer in graph.layers[1:-1]] == ["9 layers"] * 6
    assert [graph.targets_of(layer.id) for layer in graph.layers[:-1]] == [(one.id,) for one in graph.layers[1:]]


def test_cells_that_take_from_the_last_two_are_stages():
    before, x = (start := layers.Input((4,))), layers.Dense(4)(start)
    for _ in range(5):
        parts = [layers.Dense(4)(one) for one in (before, x, x, before)]
        before, x = x, layers.Add()([layers.Activation("tanh")(one) for one in parts])
    structure = read_graph(keras.Model(start, x))
    stages = [layer for layer in structure.folded().layers if layer.type in ("Stage", "Repeat")]
    assert len(stages) >= 1
    assert len(structure.folded().layers) <= len(structure.layers) / 2


def test_the_largest_of_keras_is_a_row_of_cells():
    structure = read_graph(keras.applications.NASNetMobile(weights=None))
    assert len(structure.folded().layers) <= 40
    assert "44 layers" in {layer.note for layer in structure.folded().layers}


def test_a_small_model_stays_as_it_is():
    x = start = layers.Input((4,))
    for number in range(FEW - 1):
        x = layers.Dense(4, name=f"same_{number}")(x)
    assert read_graph(keras.Model(start, x)).groups == ()


def test_what_keras_has_named_makes_no_stage():
    x = start = layers.Input((8, 8, 2))
    for number in range(12):
        x = layers.ReLU()(layers.Conv2D(2 + number, 1)(x))
    assert {group.kind for group in read_graph(keras.Model(start, x)).groups} == set()


def test_what_stands_side_by_side_is_not_said_to_be_in_a_row():
    x = layers.Input((4,))
    rows = [layers.Dense(4)(x) for _ in range(14)]
    assert read_graph(keras.Model(x, layers.Add()(rows))).groups == ()


def test_layers_around_others_are_no_stage():
    """Names that begin alike before and behind others: a card of both would feed these and be fed by them."""
    x = start = layers.Input((4,))
    for number in range(14):
        name = f"around_{number}" if number % 2 else f"layer{number}x"
        x = layers.Dense(3 + number, name=name)(x)
    assert read_graph(keras.Model(start, x)).groups == ()
