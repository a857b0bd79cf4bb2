"""Random Keras programs: a seed gives a text of Python that builds a model and its data."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from random import Random
from typing import Any

import keras
import numpy as np

from .vocabulary import ACTIVATIONS, CALLBACKS, EMBEDDINGS, HEADS, JOINS, LAYERS, OPTIMIZERS, OWN

ROWS = 12
LARGEST = 200
SHAPES = {"vector": ["(4,)", "(7,)"], "sequence": ["(5, 3)"], "image": ["(6, 6, 2)", "(5, 5, 1)"], "words": ["(5,)"]}
FLOATS = ["float32", "float32", "float32", "float64", "int32", "uint8"]


@dataclass(frozen=True)
class Program:
    """A program that defines `model` (compiled), `x`, `y`, `data` (the arguments of `fit`) and `callbacks`.

    Attributes:
        seed: What it was made from.
        source: Its text.
        head: What the model puts out, a key of `HEADS`.
        container: How the data is handed over.
    """

    seed: int
    source: str
    head: str
    container: str

    def run(self) -> dict[str, Any]:
        """A fresh namespace in which it ran."""
        names: dict[str, Any] = {}
        exec(compile(self.source, f"program {self.seed}", "exec"), names)
        return names


class _Writer:
    """Writes the lines of one program; each layer is tried on a symbolic tensor before it is written."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.lines: list[str] = []
        self.own: list[str] = []
        self._names: dict[str, Any] = {"keras": keras, "np": np, "layers": keras.layers}
        self._count = 0

    def expression(self, choices: list[str]) -> str:
        """One of them, filled in."""
        text = self.random.choice(choices)
        text = text.replace("{n}", str(self.random.randint(2, 5))).replace("{act}", self.random.choice(ACTIVATIONS))
        own = text.partition("(")[0]
        if own in OWN and own not in self.own:
            self.own.append(own)
            exec(OWN[own], self._names)
        return text

    def make(self, text: str) -> Any:
        return eval(text, self._names)

    def layer_for(self, tensor: Any) -> tuple[str, Any]:
        """A layer's text, and what it makes of the tensor."""
        while True:
            text = self.expression(LAYERS[len(tensor.shape)])
            try:
                result = self.make(text)(tensor)
            except ValueError:  # too short for this kernel, an odd number of units
                continue
            if None not in result.shape[1:] and 1 <= prod(result.shape[1:]) <= LARGEST and len(result.shape) in LAYERS:
                return text, result

    def name(self) -> str:
        self._count += 1
        return f"h{self._count}"


def program(seed: int) -> Program:
    """The program of a seed."""
    writer = _Writer(seed)
    random = writer.random
    kind = random.choice(list(SHAPES))
    shape = random.choice(SHAPES[kind])
    dtype = "int32" if kind == "words" else random.choice(FLOATS)
    structure = random.choice(["sequential", "functional", "nested", "shared", "subclassed", "dict", "list"])
    head = random.choice(list(HEADS))
    body = {"sequential": _sequential, "subclassed": _subclassed}.get(structure, _functional)
    data = _data(kind, shape, dtype, structure)
    container = random.choice(_containers(kind, structure))
    last, loss, metrics, targets = HEADS[head]
    lines = body(writer, kind, shape, structure, last)
    steps = random.choice(["", "", ", steps_per_execution=2"])
    eager = "" if steps or random.random() < 0.2 else ", run_eagerly=True"
    text = [
        "import keras, numpy as np",
        "from keras import layers",
        f"keras.utils.set_random_seed({seed})",
        f"rng, rows = np.random.default_rng({seed}), {ROWS}",
        *(OWN[name] for name in writer.own),
        *lines,
        f"model.compile({random.choice(OPTIMIZERS)}, {loss}, metrics={random.choice(metrics)}{steps}{eager})",
        *data,
        f"y = {targets}",
        *_handed_over(container, structure),
        f"callbacks = [{random.choice(CALLBACKS) if random.random() < 0.3 else ''}]",
    ]
    return Program(seed, "\n".join(text), head, container)


def _input(kind: str, shape: str, name: str = "") -> str:
    dtype = ', dtype="int32"' if kind == "words" else ""
    return f"keras.Input({shape}{dtype}{f', name={name!r}' if name else ''})"


def _chain(writer: _Writer, kind: str, tensor: Any, most: int) -> tuple[list[str], Any]:
    texts = []
    if kind == "words":
        text = writer.expression(EMBEDDINGS)
        texts.append(text)
        tensor = writer.make(text)(tensor)
    for _ in range(writer.random.randint(1, most)):
        text, tensor = writer.layer_for(tensor)
        texts.append(text)
    return texts, tensor


def _sequential(writer: _Writer, kind: str, shape: str, _: str, last: str) -> list[str]:
    tensor = writer.make(_input(kind, shape))
    texts, tensor = _chain(writer, kind, tensor, 4)
    flat = ["layers.Flatten()"] if len(tensor.shape) > 2 else []
    first = [_input(kind, shape)] if writer.random.random() < 0.8 or kind == "words" else []
    return [f"model = keras.Sequential([{', '.join([*first, *texts, *flat, last])}])", *_built(first, shape)]


def _built(first: list[str], shape: str) -> list[str]:
    return [] if first else [f"model.build((None, *{shape}))"]


def _subclassed(writer: _Writer, kind: str, shape: str, _: str, last: str) -> list[str]:
    texts, tensor = _chain(writer, kind, writer.make(_input(kind, shape)), 3)
    flat = ["layers.Flatten()"] if len(tensor.shape) > 2 else []
    return [
        "class Own(keras.Model):",
        "    def __init__(self):",
        "        super().__init__()",
        f"        self.parts = [{', '.join([*texts, *flat, last])}]",
        "    def call(self, inputs):",
        "        for part in self.parts:",
        "            inputs = part(inputs)",
        "        return inputs",
        "model = Own()",
    ]


def _functional(writer: _Writer, kind: str, shape: str, structure: str, last: str) -> list[str]:
    random = writer.random
    # In an order that sorting would turn round.
    lines = [f"first = {_input(kind, shape, 'z')}"]
    texts, tensor = _chain(writer, kind, writer.make(_input(kind, shape)), 3)
    name = "first"
    if structure == "nested":
        lines.append(f"inner = keras.Sequential([{_input(kind, shape)}, {', '.join(texts)}])")
        lines.append("h0 = inner(first)")
        name = "h0"
    else:
        for text in texts:
            target = writer.name()
            lines.append(f"{target} = {text}({name})")
            name = target
    if len(tensor.shape) > 2:
        lines.append(f"flat = layers.Flatten()({name})")
        name, tensor = "flat", keras.layers.Flatten()(tensor)
    size = tensor.shape[-1]
    act = random.choice(ACTIVATIONS)
    if structure == "shared":
        lines.append(f'twice = layers.Dense({size}, "{act}")')
        lines.append(f"both = {random.choice(JOINS[:4])}([twice({name}), twice(twice({name}))])")
        name = "both"
    elif structure in ("dict", "list"):
        lines.append('second = keras.Input((3,), name="a")')
        lines.append(f'side = layers.Dense({size}, "{act}")(second)')
        lines.append(f"both = {random.choice(JOINS)}([{name}, side])")
        name = "both"
    elif random.random() < 0.5:
        lines.append(f'skip = {random.choice(JOINS)}([{name}, layers.Dense({size}, "{act}")({name})])')
        name = "skip"
    inputs = {"dict": '{"z": first, "a": second}', "list": "[first, second]"}.get(structure, "first")
    lines.append(f"model = keras.Model({inputs}, {last}({name}))")
    return lines


def _data(kind: str, shape: str, dtype: str, structure: str) -> list[str]:
    whole = f"(rows, *{shape})"
    if kind == "words":
        lines = [f"x = rng.integers(0, 9, {whole})"]
    elif dtype in ("int32", "uint8"):
        lines = [f'x = rng.integers(0, 5, {whole}).astype("{dtype}")']
    else:
        lines = [f'x = rng.normal(size={whole}).astype("{dtype}")']
    if structure in ("dict", "list"):
        lines.append('a = 3 * rng.normal(size=(rows, 3)).astype("float32")')
        lines.append({"dict": 'x = {"z": x, "a": a}', "list": "x = [x, a]"}[structure])
    return lines


def _containers(kind: str, structure: str) -> list[str]:
    several = structure in ("dict", "list")
    return ["arrays", "arrays", "tensors", "dataset", *([] if several else ["generator", "PyDataset"])] + (
        ["frame"] if kind == "vector" and not several else []
    )


def _handed_over(container: str, structure: str) -> list[str]:
    match container:
        case "tensors":
            return ["x, y = keras.tree.map_structure(keras.ops.convert_to_tensor, (x, y))", "data = (x, y)"]
        case "dataset":
            parts = "(tuple(x), y)" if structure == "list" else "(x, y)"
            return ["import tensorflow as tf", f"data = tf.data.Dataset.from_tensor_slices({parts}).batch(4)"]
        case "generator":
            return [
                "def endless():",
                "    while True:",
                "        for i in range(0, rows, 4): yield x[i:i + 4], y[i:i + 4]",
                "data = endless()",
            ]
        case "PyDataset":
            return [
                "class Data(keras.utils.PyDataset):",
                "    def __len__(self): return 3",
                "    def __getitem__(self, i): return x[4 * i:4 * i + 4], y[4 * i:4 * i + 4]",
                "data = Data()",
            ]
        case "frame":
            return ["import pandas as pd", "x = pd.DataFrame(x)", "data = (x, y)"]
    return ["data = (x, y)"]
