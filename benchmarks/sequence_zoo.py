"""How many layers of sequence and multi-input models are drawn as more than a card with their name.

By the page's own code, with every group open that is not seen as what it is. The card of a merge shows what its sources
bring, so it counts as drawn.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

import nnvis_widget as nv
from tests.zoo import told, transformers

from .result import Result

JS = Path(__file__).parents[1] / "js"
READER = """
import { readFileSync } from "node:fs";
import { readNodes } from "./src/layout/readNodes.ts";
import { readGraph } from "./src/stream/protocol.ts";
const graphs = JSON.parse(readFileSync(0, "utf8"));
const read = (raw) => readNodes(readGraph(raw).graph).map(({ kind, layers }) => [kind, layers.map(({ name }) => name)]);
console.log(JSON.stringify(graphs.map(read)));
"""
STEPS, WORDS = 10, 30
LIMIT = 0.1


def measure() -> Iterator[Result]:
    graphs = {name: graph_of(make()) for name, make in ZOO.items()}
    cards: list[str] = []
    count = 0
    shares = {}
    for name, nodes in zip(graphs, nodes_of(list(graphs.values())), strict=True):
        own = [layer for kind, of_node in nodes if kind == "card" for layer in of_node]
        whole = sum(len(of_node) for _, of_node in nodes)
        cards += [f"{name}/{layer}" for layer in own]
        shares[name] = len(own) / whole
        count += whole
    worst = max(shares, key=lambda name: shares[name])
    note = f"{len(ZOO)} models, {count} layers; most in {worst} ({shares[worst]:.0%}): {', '.join(cards)}"
    yield Result("Layers of sequence models that are a card only", len(cards) / count, "of all", LIMIT, note)
    below = sum(share > LIMIT for share in shares.values())
    yield Result("Sequence models with less than 90 % drawn", below, "models", None, "told, not limited")


def graph_of(model: Any) -> Any:
    """With every group opened that invites to, as a page gets it."""
    inputs = [sample(tensor) for tensor in model.inputs]
    x = inputs if len(inputs) > 1 else inputs[0]
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        view.opened = [group.path for group in nv.read_graph(model, x).groups if opens(group)]
        return view.graph


def opens(group: Any) -> bool:
    """What is seen as what it is stays closed."""
    is_own = group.card.role in ("group", "opaque")
    return is_own and group.kind != "wrapper" and group.card.type != told.Mixture.__name__


def sample(tensor: Any) -> np.ndarray:
    shape = (4, *(STEPS if size is None else size for size in tensor.shape[1:]))
    if "int" in str(tensor.dtype):
        most = 2 if tensor.name == "parts" else WORDS
        return np.random.default_rng(0).integers(0, most, shape).astype("int32")
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def nodes_of(graphs: list[Any]) -> Any:
    """What a page makes of graphs: its own code, on Node."""
    node = shutil.which("node")
    assert node is not None, "Expected `node` on PATH. Install Node 20 or newer."
    bundler = JS / "node_modules/.bin/esbuild"
    options = ["--bundle", "--format=esm", "--platform=node", "--loader=ts"]
    script = subprocess.run(
        [bundler, *options], input=READER, cwd=JS, capture_output=True, text=True, check=True
    ).stdout
    run = [node, "--input-type=module", "-e", script]
    told_by = subprocess.run(run, input=json.dumps(graphs), cwd=JS, capture_output=True, text=True, check=True)
    return json.loads(told_by.stdout)


def words() -> Any:
    return keras.Input((STEPS,), dtype="int32", name="words")


def series(width: int = 3) -> Any:
    return keras.Input((STEPS, width), name="series")


def chain(start: Any, *steps: Any) -> Any:
    x = start
    for step in steps:
        x = step(x)
    return keras.Model(start, x)


def embedded(*steps: Any) -> Any:
    return chain(words(), layers.Embedding(WORDS, 8), *steps)


def recurrent(*steps: Any) -> Any:
    return chain(series(), *steps, layers.Dense(1))


def attending(make: Callable[[], Any], pair: bool = False) -> Any:
    start = words()
    x = layers.Embedding(WORDS, 8)(start)
    seen = make()([x, x]) if pair else make()(x, x)
    x = layers.LayerNormalization()(layers.Add()([x, seen]))
    return keras.Model(start, layers.Dense(2, "softmax")(layers.GlobalAveragePooling1D()(x)))


def seq2seq() -> Any:
    source, target = words(), keras.Input((STEPS,), dtype="int32", name="so_far")
    read, *state = layers.LSTM(8, return_sequences=True, return_state=True)(layers.Embedding(WORDS, 8)(source))
    x = layers.LSTM(8, return_sequences=True)(layers.Embedding(WORDS, 8)(target), initial_state=state)
    x = layers.Concatenate()([x, layers.Attention()([x, read])])
    return keras.Model([source, target], layers.Dense(WORDS, "softmax")(x))


def lanes(merge: Any, *sizes: int) -> Any:
    inputs = [keras.Input((size,), name=f"table_{place}") for place, size in enumerate(sizes)]
    x = merge([layers.Dense(6, "relu")(one) for one in inputs])
    return keras.Model(inputs, layers.Dense(1)(layers.Dense(8, "relu")(x)))


def three() -> Any:
    picture, table, text = keras.Input((8, 8, 1)), keras.Input((4,)), words()
    seen = layers.GlobalMaxPooling2D()(layers.Conv2D(4, 3, activation="relu")(picture))
    read = layers.GlobalAveragePooling1D()(layers.Embedding(WORDS, 6)(text))
    x = layers.Concatenate()([seen, layers.Dense(6, "relu")(table), read])
    return keras.Model([picture, table, text], layers.Dense(3, "softmax")(x))


def twins() -> Any:
    one, other = keras.Input((5,), name="one"), keras.Input((5,), name="other")
    shared = keras.Sequential([keras.Input((5,)), layers.Dense(6, "relu"), layers.Dense(4)], name="shared")
    return keras.Model([one, other], layers.Dense(1, "sigmoid")(layers.Subtract()([shared(one), shared(other)])))


def recommender() -> Any:
    user, item = (keras.Input((1,), dtype="int32", name=name) for name in ("user", "item"))
    vectors = [layers.Flatten()(layers.Embedding(WORDS, 6)(one)) for one in (user, item)]
    return keras.Model([user, item], layers.Dot(1)(vectors))


ZOO: dict[str, Callable[[], Any]] = {
    "rnn": lambda: recurrent(layers.SimpleRNN(6)),
    "lstm": lambda: recurrent(layers.LSTM(6)),
    "gru": lambda: recurrent(layers.GRU(6)),
    "stacked": lambda: recurrent(layers.LSTM(6, return_sequences=True), layers.LSTM(4)),
    "bidirectional": lambda: recurrent(layers.Bidirectional(layers.LSTM(4))),
    "both ways, stacked": lambda: recurrent(
        layers.Bidirectional(layers.GRU(4, return_sequences=True)), layers.Bidirectional(layers.GRU(3))
    ),
    "dropout between": lambda: recurrent(layers.LSTM(6, return_sequences=True), layers.Dropout(0.2), layers.GRU(4)),
    "each step": lambda: recurrent(layers.LSTM(6, return_sequences=True), layers.TimeDistributed(layers.Dense(4))),
    "causal convolutions": lambda: recurrent(
        layers.Conv1D(6, 3, padding="causal", activation="relu"),
        layers.Conv1D(6, 3, padding="causal"),
        layers.GlobalAveragePooling1D(),
    ),
    "convolutions, then a state": lambda: recurrent(layers.Conv1D(6, 3), layers.MaxPooling1D(), layers.LSTM(5)),
    "bag of words": lambda: embedded(layers.GlobalAveragePooling1D(), layers.Dense(2, "softmax")),
    "words to a state": lambda: embedded(layers.LSTM(6), layers.Dense(2, "softmax")),
    "words to words": lambda: embedded(layers.GRU(6, return_sequences=True), layers.Dense(WORDS, "softmax")),
    "words, convolved": lambda: embedded(
        layers.Conv1D(6, 3, activation="relu"), layers.GlobalMaxPooling1D(), layers.Dense(2, "softmax")
    ),
    "masked": lambda: chain(series(), layers.Masking(), layers.LSTM(5), layers.Dense(1)),
    "heads": lambda: attending(lambda: layers.MultiHeadAttention(2, 4)),
    "grouped heads": lambda: attending(lambda: layers.GroupQueryAttention(4, 4, 2)),
    "one head": lambda: attending(layers.Attention, pair=True),
    "added up": lambda: attending(layers.AdditiveAttention, pair=True),
    "seq2seq": seq2seq,
    "decoder": lambda: transformers.decoder(4),
    "encoder": lambda: transformers.encoder(4),
    "two tables": lambda: lanes(layers.Concatenate(), 3, 4),
    "three tables, added": lambda: lanes(layers.Add(), 3, 4, 5),
    "picture, table, words": three,
    "twins": twins,
    "recommender": recommender,
    "mixture of experts": told.mixed,
    "graph": told.over_nodes,
}
