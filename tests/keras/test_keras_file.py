"""Is what is read from a file the model that was saved, and does nothing in it run?"""

import io
import json
import random
import sys
import zipfile

import pytest

from nnvis_widget import NetworkView
from nnvis_widget.errors import DataError, ModelError
from nnvis_widget.keras_adapter.read import keras_file
from nnvis_widget.keras_adapter.read.keras_file import read_keras_file
from nnvis_widget.keras_adapter.read.read_structure import read_structure
from nnvis_widget.keras_adapter.read_graph import read_graph
from tests.keras.page import told_layers
from tests.zoo import ZOO
from tests.zoo.own import OWN

# What a layer makes by itself is not in a file.
MADE_WITHIN = ("dense with an activation layer", "patches that attend", "both ways", "a layer within and without")
TOLD = [name for name in ZOO if name not in OWN and name not in MADE_WITHIN]


def saved(name, folder):
    path = folder / "model.keras"
    model = ZOO[name]()
    model.save(path)
    return model, path


def cards_of(structure):
    cards = [*structure.layers, *(group.card for group in structure.groups)]
    return {(one.id, one.path, one.name, one.type, one.role, one.activation) for one in cards if one.type != "Weights"}


def links_of(structure):
    return {None: set(structure.links)} | {group.id: set(group.links) for group in structure.groups}


@pytest.mark.parametrize("name", TOLD)
def test_a_file_tells_the_layers_links_and_ids_of_its_model(name, tmp_path):
    model, path = saved(name, tmp_path)
    live, read = read_structure(model).structure, read_keras_file(path)
    assert cards_of(read) == cards_of(live)
    assert links_of(read) == links_of(live)
    assert (read.name, read.inputs, read.outputs) == (live.name, live.inputs, live.outputs)
    assert not read.is_built


@pytest.mark.parametrize("name", TOLD)
def test_shapes_and_types_that_a_file_tells_are_those_of_the_model(name, tmp_path):
    model, path = saved(name, tmp_path)
    live, read = read_structure(model).structure, read_keras_file(path)
    told = 0
    for layer in live.layers:
        if layer.output_shape and layer.type != "Weights" and read.layer(layer.id).output_shape:
            assert read.layer(layer.id).output_shape == layer.output_shape
            told += 1
    assert told


@pytest.mark.parametrize("name", OWN)
def test_own_classes_are_cards_and_nothing_of_them_is_imported(name, tmp_path):
    _, path = saved(name, tmp_path)
    text = read_text(path).replace("tests.zoo.own", "antigravity")
    write(path, text)
    assert "antigravity" not in sys.modules
    structure = read_graph(path)
    assert structure.layers
    assert structure.note == "Read from a file: neither weights nor own code are known."
    assert "antigravity" not in sys.modules


def read_text(path):
    with zipfile.ZipFile(path) as archive:
        return archive.read("config.json").decode()


def write(path, text):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", text)


def test_stages_are_made_of_a_file_too(tmp_path):
    _, path = saved("deep", tmp_path)
    assert [group.kind for group in read_graph(str(path)).groups] == ["repeat"]


def test_a_file_that_is_cut_or_none_is_refused_with_a_way_out(tmp_path):
    _, path = saved("dense", tmp_path)
    whole = path.read_bytes()
    for length in (0, 10, len(whole) // 2, len(whole) - 30):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelError, match=r"is cut, or is none\. Save the model again"):
            read_graph(path)
    with pytest.raises(ModelError, match="cannot be read: No such file"):
        read_graph(tmp_path / "nowhere.keras")
    with pytest.raises(ModelError, match=r"or the path of a \.keras file"):
        read_graph("model.h5")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", "{}")
    with pytest.raises(ModelError, match="is cut, or is none"):
        read_graph(path)


def test_a_file_that_is_huge_once_unpacked_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    path = tmp_path / "huge.keras"
    write(path, " " * 3_000_000)
    monkeypatch.setattr(keras_file, "MOST_BYTES", 2**20)
    read = []
    plain = zipfile.ZipExtFile.read
    monkeypatch.setattr(zipfile.ZipExtFile, "read", lambda self, n=-1: read.append(n) or plain(self, n))
    with pytest.raises(ModelError, match="at most 1 MB"):
        read_graph(path)
    assert read
    assert max(read) <= 2**20 + 1
    assert min(read) > 0


def nested(depth):
    entry = {"class_name": "Dense", "module": "keras.layers", "config": {}}
    for _ in range(depth):
        entry = {"class_name": "Sequential", "module": "keras", "config": {"layers": [entry]}}
    return entry


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing",
        "[]",
        "{}",
        "7",
        "null",
        '{"class_name": 3}',
        '{"class_name": "Sequential", "module": "keras", "config": {"layers": [1]}}',
        "[" * 100_000 + "]" * 100_000,
        json.dumps(nested(60)),
        '{"class_name": "Functional", "config": {"layers": [null], "input_layers": 1, "output_layers": {}}}',
    ],
    ids=range(11),
)
def test_what_is_no_configuration_is_refused(text, tmp_path):
    path = tmp_path / "odd.keras"
    write(path, text)
    with pytest.raises(ModelError, match=r"Expected (a|the) configuration"):
        read_graph(path)


@pytest.mark.parametrize("name", ["siamese", "nested with two inputs", "cells", "own blocks"])
def test_whatever_stands_in_a_file_it_is_read_or_refused(name, tmp_path):
    """Values of the configuration are swapped for others, at random."""
    _, path = saved(name, tmp_path)
    text = read_text(path)
    rng = random.Random(3)

    def spoiled(value):
        if rng.random() < 0.03:
            return rng.choice([None, 0, -1, 2**70, 1.5, True, "", "x" * 300, [], {}, [[]], [None], {"class_name": "A"}])
        if isinstance(value, dict):
            return {key: spoiled(one) for key, one in value.items()}
        return [spoiled(one) for one in value] if isinstance(value, list) else value

    read = 0
    for _ in range(60):
        write(path, json.dumps(spoiled(json.loads(text))))
        try:
            structure = read_graph(path)
        except ModelError:
            continue
        json.dumps(structure.to_json(), allow_nan=False)
        structure.folded({group.path for group in structure.groups})
        read += 1
    assert read


def test_a_file_of_bytes_at_random_is_refused(tmp_path):
    path = tmp_path / "noise.keras"
    for seed in range(20):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("config.json", json.dumps(nested(3)) * 20)
        raw = bytearray(buffer.getvalue())
        rng = random.Random(seed)
        for _ in range(12):
            raw[rng.randrange(len(raw))] = rng.randrange(256)
        path.write_bytes(bytes(raw))
        with pytest.raises(ModelError):
            read_graph(path)


def test_a_view_of_a_file_shows_the_structure_and_claims_no_weights(tmp_path):
    _, path = saved("autoencoder", tmp_path)
    view = NetworkView(str(path))
    assert view.model is None
    assert view.opened == ("encoder", "decoder")
    view.opened = ()
    assert [layer["name"] for layer in view.graph["layers"]] == ["input", "encoder", "decoder"]
    assert {layer["note"] for layer in told_layers(view.graph)[1:]} == {"from a file"}
    assert view.graph["note"] == "Read from a file: neither weights nor own code are known."
    said = view.describe()
    assert "At rest." in said
    assert "encoder (Sequential, 2 layers)" in said
    assert "parameters" not in said
    assert view.source.status.state == "idle"
    assert not view.source.status.commands
    view.close()


def test_a_view_of_a_file_takes_no_data_and_tells_of_one_that_is_cut(tmp_path):
    _, path = saved("dense", tmp_path)
    with pytest.raises(DataError, match="Expected no data beside a file"):
        NetworkView(path, data=[[0.0] * 4])
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(ModelError, match="is cut, or is none"):
        NetworkView(path)
    view = NetworkView()
    with pytest.raises(ModelError, match="is cut, or is none"):
        view.model = str(path)
    assert view.source is None
    view.close()
