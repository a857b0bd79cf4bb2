"""Is every layer of every model there, where it is, with what feeds it? On a zoo, against Keras' own books.

With another `KERAS_BACKEND` it asks the same there, as `make release` does.
"""

import json
from collections import Counter
from functools import cache

import keras
import pytest
from keras import layers

from nnvis_widget.keras_adapter.read.read_structure import read_structure
from nnvis_widget.keras_adapter.read_graph import read_graph
from tests.limits import IS_RELEASE
from tests.zoo import ZOO

APPLICATIONS = {
    name: build
    for name, build in vars(keras.applications).items()
    if callable(build)
    and name[0].isupper()
    and (IS_RELEASE or name in ("MobileNetV2", "NASNetMobile"))
    and not (keras.config.backend() == "torch" and name.startswith("NASNet"))  # Keras 3.15 refuses these there
}


made = cache(lambda name: ZOO[name]())
"""Reading changes nothing, so one of each is enough."""


def flattened(model):
    """All layers in a model, at every depth, wherever they are kept; without inputs, which a Sequential hides."""
    found = {}

    def walk(value):
        if isinstance(value, layers.Layer) and id(value) not in found:
            found[id(value)] = value
            walk(value.layers if isinstance(value, keras.Model) else list(vars(value).values()))
        elif isinstance(value, list | tuple | dict):
            for one in value.values() if isinstance(value, dict) else value:
                walk(one)

    walk(model)
    return [layer for layer in found.values() if layer is not model and not isinstance(layer, layers.InputLayer)]


def variables_of(model):
    return {id(variable): variable for variable in model.weights}.values()


def assert_all_is_there(model):
    structure, operations = read_structure(model)
    read = {id(operation) for operation in operations.values()}
    missing = [layer.name for layer in flattened(model) if id(layer) not in read]
    assert not missing
    assert sum(layer.parameter_count for layer in structure.layers) == structure.parameter_count == model.count_params()
    trainable = sum(p.count for layer in structure.layers for p in layer.parameters if p.is_trainable)
    assert trainable == structure.trainable_count == sum(int(keras.ops.size(v)) for v in model.trainable_variables)
    assert Counter(str(v.dtype) for v in variables_of(model)) == Counter(
        p.dtype for layer in structure.layers for p in layer.parameters
    )
    return structure


def everything(structure):
    """What is drawn where every group is opened."""
    return structure.folded({group.path for group in structure.groups})


@pytest.mark.parametrize("name", ZOO)
def test_every_layer_at_every_depth_is_read_and_every_weight_is_counted_once(name):
    structure = assert_all_is_there(made(name))
    ids = [layer.id for layer in structure.layers] + [group.id for group in structure.groups]
    assert len(set(ids)) == len(ids)
    held = [*structure.members, *(member for group in structure.groups for member in group.members)]
    assert sorted(held) == sorted(ids)


@pytest.mark.parametrize("name", ZOO)
def test_whatever_is_opened_each_layer_is_drawn_once_and_links_join_what_is_drawn(name):
    structure = read_graph(made(name))
    assert [layer.id for layer in structure.folded().layers] == list(structure.members)
    assert sorted(layer.id for layer in everything(structure).layers) == sorted(one.id for one in structure.layers)
    for opened in [set(), *({group.path} for group in structure.groups), {group.path for group in structure.groups}]:
        graph = structure.folded(opened)
        shown = {layer.id for layer in graph.layers}
        assert {end for link in graph.links for end in (link.source, link.target)} <= shown
        assert {*graph.inputs, *graph.outputs} <= shown
        assert graph.parameter_count == structure.parameter_count


@pytest.mark.parametrize("name", ZOO)
def test_ids_and_paths_are_the_same_in_each_reading_and_when_the_code_has_run_again(name):
    model = made(name)
    once, again, anew = read_graph(model), read_graph(model), read_graph(ZOO[name]())
    assert once == again

    def placed(structure):
        cards = [*structure.layers, *(group.card for group in structure.groups)]
        return [(card.id, card.path, card.type) for card in cards]

    assert placed(once) == placed(anew)
    assert len({path for _, path, _ in placed(once)}) == len(placed(once))


def functional_models(model):
    return [one for one in [model, *flattened(model)] if hasattr(one, "operations") and type(one).call is model_call]


model_call = keras.Model(*(lambda x: (x, x))(layers.Input((1,)))).__class__.call


def calls_of_config(model):
    """Which operation feeds which, once for each tensor of each call, as Keras writes it down."""
    found = Counter()

    def walk(value, target):
        if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
            source, _, output = value["config"]["keras_history"]
            found[source, output, target] += 1
        else:
            inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
            for one in inner:
                walk(one, target)

    for entry in model.get_config()["layers"]:
        walk(entry["inbound_nodes"], entry["name"])
    return found


def assert_links_are_those_of_the_config(model):
    structure, operations = read_structure(model)
    ids = {id(operation): layer_id for layer_id, operation in operations.items()}
    for one in functional_models(model):
        is_root = one is model
        links = structure.links if is_root else structure.group(ids[id(one)]).links
        border = None if is_root else ids[id(one)]
        within = [link for link in links if border not in (link.source, link.target)]
        names = {layer_id: operation.name for layer_id, operation in operations.items()}
        assert Counter((names[link.source], link.output, names[link.target]) for link in within) == calls_of_config(one)


@pytest.mark.parametrize("name", ZOO)
def test_links_of_functional_models_are_those_that_keras_writes_down(name):
    assert_links_are_those_of_the_config(made(name))


@pytest.mark.parametrize("name", APPLICATIONS)
def test_the_models_of_keras_are_read_whole_and_told_in_few_bytes(name):
    model = APPLICATIONS[name](weights=None)
    structure = assert_all_is_there(model)
    assert_links_are_those_of_the_config(model)
    assert len(json.dumps(structure.to_json(), allow_nan=False)) <= 250 * len(structure.layers)


def test_a_shared_layer_has_a_link_for_each_use():
    structure = read_graph(made("siamese"))
    shared, merge = structure.at("shared"), structure.at("subtract")
    into = [link for link in structure.links if link.target == shared.id]
    out = [link for link in structure.links if link.source == shared.id]
    assert shared.uses == 2
    assert [(structure.layer(link.source).path, link.target_use) for link in into] == [("left", 0), ("right", 1)]
    assert [(link.target, link.source_use, link.input) for link in out] == [(merge.id, 0, 0), (merge.id, 1, 1)]


def test_a_layer_that_is_called_on_what_it_put_out_links_to_itself():
    structure = read_graph(made("one layer three times"))
    again = structure.at("again")
    assert again.uses == 3
    uses = [(link.source_use, link.target_use) for link in structure.links if link.source == link.target == again.id]
    assert uses == [(0, 1), (1, 2)]


def paths_of(graph):
    return [layer.path for layer in graph.layers]


def links_by_path(graph):
    return {(graph.layer(link.source).path, graph.layer(link.target).path) for link in graph.links}


def test_opening_a_nested_model_shows_its_layers_between_those_around_it():
    structure = read_graph(made("nested functional"))
    assert paths_of(structure.folded()) == ["x", "encoder", "out"]
    graph = structure.folded({"encoder"})
    assert paths_of(graph) == ["x", "encoder/dense", "encoder/dense[1]", "out"]
    assert links_by_path(graph) == {
        ("x", "encoder/dense"),
        ("encoder/dense", "encoder/dense[1]"),
        ("encoder/dense[1]", "out"),
    }
    assert graph.layer(structure.at("out").id) == structure.folded().layer(structure.at("out").id)


def test_an_opened_model_with_two_inputs_takes_each_where_it_belongs():
    graph = read_graph(made("nested with two inputs")).folded({"inner"})
    left, right = "inner/input_layer", "inner/input_layer[1]"
    assert {("y", left), ("x", right)} <= links_by_path(graph)
    assert not {("x", left), ("y", right)} & links_by_path(graph)
    assert {("inner/add", "a"), ("inner/dense", "b")} <= links_by_path(graph)
    assert ("inner/dense", "a") not in links_by_path(graph)


def test_groups_within_groups_open_one_by_one_and_an_outer_one_hides_the_inner():
    structure = read_graph(made("three deep"))
    assert [group.path for group in structure.groups] == [
        "depth_1",
        "depth_1/depth_0",
        "depth_1/depth_0/encoder",
    ]
    assert paths_of(structure.folded({"depth_1/depth_0"})) == paths_of(structure.folded())
    assert "depth_1/depth_0" in paths_of(structure.folded({"depth_1"}))
    assert "depth_1/depth_0/encoder/dense[1]" in paths_of(everything(structure))


def test_a_model_used_twice_is_drawn_once_and_its_inside_too():
    structure = read_graph(made("a model used twice"))
    assert structure.at("shared").uses == 2
    graph = structure.folded({"shared"})
    assert paths_of(graph) == ["left", "right", "shared/dense", "shared/dense[1]", "apart"]
    assert links_by_path(graph) == {
        ("left", "shared/dense"),
        ("right", "shared/dense"),
        ("shared/dense", "shared/dense[1]"),
        ("shared/dense[1]", "apart"),
    }


def test_a_nested_model_that_hands_on_what_it_gets_is_passed_through():
    graph = read_graph(made("a nested model that changes nothing")).folded({"inner"})
    assert links_by_path(graph) == {
        ("input_layer", "inner/input_layer"),
        ("inner/input_layer", "dense"),
    }


@pytest.mark.parametrize(
    ("name", "group", "kind", "parts"),
    [
        ("spectral", "spectral_normalization", "wrapper", ["dense", "weights"]),
        ("each picture of several", "time_distributed", "wrapper", ["conv2d"]),
        ("both ways", "bidirectional", "wrapper", ["forward_lstm", "backward_lstm"]),
        ("cells", "rnn", "layer", ["stacked_rnn_cells"]),
        ("cells", "rnn/stacked_rnn_cells", "layer", ["lstm_cell", "gru_cell"]),
        ("dense with an activation layer", "dense", "layer", ["function", "leaky_re_lu", "weights"]),
        ("own blocks", "first", "layer", ["dense", "dense[1]", "add"]),
        ("own weights beside a layer", "scaled", "layer", ["dense", "multiply", "weights"]),
        ("subclassed", "plain", "model", ["dense", "dense[1]"]),
    ],
)
def test_what_holds_layers_is_a_group_of_its_parts(name, group, kind, parts):
    structure = read_graph(made(name))
    found = structure.group(structure.at(group).id)
    assert found.kind == kind
    assert [structure.layer(member).path.removeprefix(f"{group}/") for member in found.members] == parts


def test_what_is_around_a_layer_hands_it_what_it_gets():
    graph = read_graph(made("both ways")).folded({"bidirectional"})
    assert links_by_path(graph) == {
        ("input", "bidirectional/forward_lstm"),
        ("input", "bidirectional/backward_lstm"),
        ("bidirectional/forward_lstm", "dense"),
        ("bidirectional/backward_lstm", "dense"),
    }


def test_a_group_whose_links_are_not_known_says_so():
    structure = read_structure(made("own blocks")).structure
    assert structure.group(structure.at("first").id).note == "how its layers are linked is not known"
    assert structure.at("first/dense").uses is None


@pytest.mark.parametrize("name", ["a/b", "<b>bold</b>", "層 \u202e x", "😀", "a" * 10_000, "__proto__", "con\x00trol"])
def test_evil_names_make_paths_that_are_unique_and_short(name):
    class Holding(keras.Model):
        def __init__(self):
            super().__init__()
            self.parts = [layers.Dense(2), layers.Dense(2)]

        def call(self, x):
            return self.parts[1](self.parts[0](x))

    model = Holding()
    model(keras.ops.zeros((1, 2)))
    for part in model.parts:
        part.name = name
    structure = read_graph(model)
    paths = [layer.path for layer in structure.layers if layer.name == name]
    assert len(set(paths)) == 2
    assert all(path.count("/") == 1 and len(path) < 120 for path in paths)
    json.dumps(structure.to_json())


def test_a_nest_twenty_deep_of_models_used_twice_is_read_and_opened():
    x = layers.Input((2,))
    model = keras.Model(x, layers.Dense(2, name="core")(x), name="depth")
    for depth in range(20):
        x = layers.Input((2,))
        model = keras.Model(x, model(model(x)), name=f"depth_{depth}")
    structure = assert_all_is_there(model)
    assert len(structure.groups) == 20
    graph = everything(structure)
    core = next(layer for layer in graph.layers if layer.name == "core")
    assert graph.outputs == (core.id,)


def test_five_thousand_layers_are_read():
    class Many(keras.Model):
        def __init__(self):
            super().__init__()
            self.rows = [layers.Activation("tanh") for _ in range(5_000)]

        def call(self, x):
            for row in self.rows:
                x = row(x)
            return x

    structure = read_graph(Many())
    assert len(structure.layers) == 5_001
    assert structure.layers[-1].path == "many/activation[4999]"


def test_reading_leaves_a_model_with_shared_layers_as_it_was():
    model = made("a shared layer that is an output")

    def kept():
        """What Keras keeps of its layers: their calls among it."""
        return [
            (name, len(value) if isinstance(value, list | dict) else repr(value))
            for operation in (model, *model.operations)
            for name, value in vars(operation).items()
        ]

    before = kept()
    for _ in range(3):
        read_graph(model)
    assert kept() == before
