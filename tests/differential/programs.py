"""Random Keras programs: a seed gives a text of Python that builds a model and its data."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from math import ceil, prod
from random import Random
from typing import Any

import keras
import numpy as np

from .vocabulary import (
    ACTIVATIONS,
    AGAIN,
    CALLBACKS,
    CALLS,
    EMBEDDINGS,
    HEADS,
    JOINS,
    LAYERS,
    OF_SEVERAL,
    OPTIMIZERS,
    OWN,
    SECOND,
)

ROWS = 8
LARGEST = 200
UNKNOWN_SIZE = 5
MOST_LINES = 22
SHAPES = {
    "vector": ["(4,)", "(7,)", "(2,)"],
    "sequence": ["(5, 3)", "(None, 3)"],
    "image": ["(6, 6, 2)", "(5, 5, 1)"],
    "volume": ["(4, 4, 3, 1)"],
    "words": ["(5,)"],
}
KINDS = ["vector"] * 4 + ["sequence"] * 3 + ["image"] * 2 + ["words", "words", "volume"]
STRUCTURES = ["sequential", "functional", "nested", "shared", "subclassed", "dict", "list"]
FLOATS = ["float32", "float32", "float32", "float64", "int32", "uint8"]
BATCHES = [3, 4, 5, 7]
COMPILED_SHARE = 0.1
COMPILED = ["", "", ", steps_per_execution=2"]
WEIGHED = ["two classes", "classes"]
LORA_SHARE = 0.05
LORA = '[layer.enable_lora(2) for layer in model.layers if layer.built and hasattr(layer, "enable_lora")]'


@dataclass(frozen=True)
class Program:
    """A program that defines `model` (compiled), `x`, `y`, `data`, `options` of `fit` and `callbacks`.

    Attributes:
        seed: What it was made from.
        source: Its text, at most 22 lines.
        head: What the model puts out, a key of `HEADS`; the first of several outputs.
        container: How the data is handed over.
        batch_size: Samples per step; the last batch of an epoch may be smaller.
        has_several: Whether there are several outputs.
        is_ordered: Whether `fit` takes the data in the order given.
    """

    seed: int
    source: str
    head: str
    container: str
    batch_size: int
    has_several: bool
    is_ordered: bool

    @property
    def trained_rows(self) -> int:
        """How many samples are trained on; the rest validates."""
        return ROWS * 3 // 4 if "validation_split=0.25" in self.source else ROWS

    def run(self) -> dict[str, Any]:
        """A fresh namespace in which it ran."""
        names: dict[str, Any] = {"__name__": "__main__"}  # else its classes would be those of Python itself
        exec(compile(self.source, f"program {self.seed}", "exec"), names)
        return names


class _Writer:
    """Writes the lines of one program; each layer is tried on a symbolic tensor before it is written."""

    def __init__(self, random: Random) -> None:
        self.random = random
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

    def make(self, text: str, **names: Any) -> Any:
        return eval(text, self._names | names)

    def call(self, text: str, tensor: Any) -> Any:
        return self.make(called(text, "tensor"), tensor=tensor)

    def layer_for(self, tensor: Any, has_calls: bool) -> tuple[str, Any]:
        """The text of a layer, or of a call, and what it makes of the tensor."""
        while True:
            known, rank = list(self.own), len(tensor.shape)
            text = self.expression(CALLS[rank] if has_calls and self.chance(0.15) else LAYERS[rank])
            try:
                result = self.call(text, tensor)
            except (ValueError, TypeError):  # too short for this kernel, an odd number of units
                self.own = known
                continue
            sizes = [size or UNKNOWN_SIZE for size in result.shape[1:]]
            is_known = None not in result.shape[2:] and (len(result.shape) == 3 or None not in result.shape[1:])
            is_rounding = text in OF_SEVERAL and sizes[-1] == 1  # what is left of one number less its mean
            if is_known and 1 <= prod(sizes) <= LARGEST and len(result.shape) in LAYERS and not is_rounding:
                return text, result
            self.own = known

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def name(self) -> str:
        self._count += 1
        return f"h{self._count}"


def _flat(tensor: Any) -> list[str]:
    """What makes one row of it, where it is none."""
    if len(tensor.shape) == 2:
        return []
    return ["layers.Flatten()"] if None not in tensor.shape[1:] else ["layers.GlobalMaxPooling1D()"]


def called(text: str, name: str) -> str:
    """The text of a layer's call on what has this name."""
    return text.replace("@", name) if "@" in text else f"{text}({name})"


def program(seed: int) -> Program:
    """The program of a seed."""
    for attempt in count():
        one = _program(seed, Random(f"{seed} {attempt}"))
        if one is not None:
            return one
    raise AssertionError


def _program(seed: int, random: Random) -> Program | None:
    """`None` where it became too long."""
    writer = _Writer(random)
    kind = random.choice(KINDS)
    shape = random.choice(SHAPES[kind])
    dtype = "int32" if kind == "words" else random.choice(FLOATS)
    structure = random.choice(STRUCTURES)
    is_single = structure in ("sequential", "subclassed") or writer.chance(0.75)
    outputs = "one" if is_single else random.choice(["list", "dict"])
    has_several = outputs != "one"
    can_repeat = kind == "vector" and structure not in ("dict", "list") and not has_several
    name = random.choice([head for head in HEADS if can_repeat or head != AGAIN])
    head = HEADS[name]
    last = head.layer.replace("{size}", shape.strip("(,)"))
    ends = [last, SECOND.layer] if has_several else [last]
    container = random.choice(_containers(kind, structure in ("dict", "list"), has_several))
    batch_size = random.choice(BATCHES)
    body = {"sequential": _sequential, "subclassed": _subclassed}.get(structure, _functional)
    lines = body(writer, kind, shape, structure, _outputs(outputs, ends))
    metrics = random.choice(head.metrics)
    losses, targets = (
        _outputs(outputs, list(parts)).replace("(@)", "")
        for parts in ((head.loss, SECOND.loss), (head.targets, SECOND.targets))
    )
    if has_several:
        metrics = "None" if metrics == "[]" else _outputs(outputs, [metrics, '["mae"]']).replace("(@)", "")
    # To compile takes TensorFlow ten times as long as to train without; not so JAX, which compiles each operation then.
    is_compiled = writer.chance(COMPILED_SHARE) or keras.config.backend() == "jax"
    how = random.choice(COMPILED) if is_compiled else ", run_eagerly=True"
    is_ordered = container in ("dataset", "generator") or writer.chance(0.8)
    text = [
        "import keras, numpy as np",
        "from keras import layers",
        *(['keras.config.set_dtype_policy("mixed_bfloat16")'] if writer.chance(0.06) else []),
        f"keras.utils.set_random_seed({seed})",
        f"rng, rows = np.random.default_rng({seed}), {ROWS}",
        *(OWN[own] for own in writer.own),
        *lines,
        *([LORA] if Random(f"LoRA {seed}").random() < LORA_SHARE else []),
        f"model.compile({random.choice(OPTIMIZERS)}, {losses}, metrics={metrics}{how})",
        *_data(kind, shape, dtype, structure),
        f"y = {targets}",
        *_handed_over(container, structure, outputs, batch_size),
        f"options = dict({', '.join(_options(writer, container, batch_size, is_ordered, has_several, name))})",
        f"callbacks = [{random.choice(CALLBACKS) if writer.chance(0.3) else ''}]",
    ]
    source = "\n".join(text)
    if source.count("\n") >= MOST_LINES:
        return None
    return Program(seed, source, name, container, batch_size, has_several, is_ordered)


def _outputs(kind: str, parts: list[str]) -> str:
    """One part, or two in a list or a dict whose order sorting would turn round; each is called on `@`."""
    if kind == "list":
        return f"[{parts[0]}(@), {parts[1]}(@)]"
    return f'{{"v": {parts[0]}(@), "b": {parts[1]}(@)}}' if kind == "dict" else f"{parts[0]}(@)"


def _input(kind: str, shape: str, name: str = "") -> str:
    dtype = ', dtype="int32"' if kind == "words" else ""
    return f"keras.Input({shape}{dtype}{f', name={name!r}' if name else ''})"


def _chain(writer: _Writer, kind: str, tensor: Any, most: int, has_calls: bool = False) -> tuple[list[str], Any]:
    texts = []
    if kind == "words":
        text = writer.expression(EMBEDDINGS)
        texts.append(text)
        tensor = writer.call(text, tensor)
    for _ in range(writer.random.randint(1, most)):
        text, tensor = writer.layer_for(tensor, has_calls)
        texts.append(text)
    return texts, tensor


def _sequential(writer: _Writer, kind: str, shape: str, _: str, last: str) -> list[str]:
    tensor = writer.make(_input(kind, shape))
    texts, tensor = _chain(writer, kind, tensor, 4)
    flat = _flat(tensor)
    first = [_input(kind, shape)] if writer.chance(0.8) or kind == "words" else []
    parts = [*first, *texts, *flat, last.removesuffix("(@)")]
    return [f"model = keras.Sequential([{', '.join(parts)}])", *([] if first else [f"model.build((None, *{shape}))"])]


def _subclassed(writer: _Writer, kind: str, shape: str, _: str, last: str) -> list[str]:
    texts, tensor = _chain(writer, kind, writer.make(_input(kind, shape)), 3)
    flat = _flat(tensor)
    return [
        "class Own(keras.Model):",
        "    def __init__(self):",
        "        super().__init__()",
        f"        self.parts = [{', '.join([*texts, *flat, last.removesuffix('(@)')])}]",
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
    texts, tensor = _chain(writer, kind, writer.make(_input(kind, shape)), 3, structure != "nested")
    name = "first"
    if structure == "nested":
        lines.append(f"inner = keras.Sequential([{_input(kind, shape)}, {', '.join(texts)}])")
        lines.append("h0 = inner(first)")
        name = "h0"
    else:
        for text in texts:
            target = writer.name()
            lines.append(f"{target} = {called(text, name)}")
            name = target
    for text in _flat(tensor):
        lines.append(f"flat = {text}({name})")
        name, tensor = "flat", writer.call(text, tensor)
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
    kind = "keras.Model"
    if writer.chance(0.1) and keras.config.backend() == "tensorflow":  # elsewhere a step of one's own is another
        writer.own.append("Telling")
        kind = "Telling"
    lines.append(f"model = {kind}({inputs}, {last.replace('@', name)})")
    return lines


def _data(kind: str, shape: str, dtype: str, structure: str) -> list[str]:
    whole = f"(rows, *{shape.replace('None', str(UNKNOWN_SIZE))})"
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


def _containers(kind: str, has_several_inputs: bool, has_several_outputs: bool) -> list[str]:
    is_plain = not has_several_inputs and not has_several_outputs
    return ["arrays", "arrays", "tensors", "dataset", *(["generator", "PyDataset"] if is_plain else [])] + (
        ["frame"] if kind == "vector" and not has_several_inputs else []
    )


def _handed_over(container: str, structure: str, outputs: str, batch: int) -> list[str]:
    match container:
        case "tensors":
            return ["x, y = keras.tree.map_structure(keras.ops.convert_to_tensor, (x, y))", "data = (x, y)"]
        case "dataset":
            kinds = (structure, outputs)
            parts = ", ".join(
                f"tuple({name})" if kind == "list" else name for name, kind in zip("xy", kinds, strict=True)
            )
            return ["import tensorflow as tf", f"data = tf.data.Dataset.from_tensor_slices(({parts})).batch({batch})"]
        case "generator":
            return [
                "def endless():",
                "    while True:",
                f"        for i in range(0, rows, {batch}): yield x[i:i + {batch}], y[i:i + {batch}]",
                "data = endless()",
            ]
        case "PyDataset":
            return [
                "class Data(keras.utils.PyDataset):",
                f"    def __len__(self): return {ceil(ROWS / batch)}",
                f"    def __getitem__(self, i): return x[{batch} * i:][:{batch}], y[{batch} * i:][:{batch}]",
                "data = Data()",
            ]
        case "frame":
            return ["import pandas as pd", "x = pd.DataFrame(x)", "data = (x, y)"]
    return ["data = (x, y)"]


def _options(writer: _Writer, container: str, batch: int, is_ordered: bool, has_several: bool, head: str) -> list[str]:
    """Arguments that `fit` and a Trainer both take."""
    in_memory = container in ("arrays", "tensors", "frame")
    options = [f"batch_size={batch}"] if in_memory else []
    if container == "generator":
        options.append(f"steps_per_epoch={ceil(ROWS / batch)}")
    if is_ordered and container not in ("dataset", "generator"):
        options.append("shuffle=False")
    if in_memory and not has_several and writer.chance(0.2):
        options.append("sample_weight=rng.uniform(0, 2, rows)")
    elif head in WEIGHED and not has_several and writer.chance(0.3):
        options.append("class_weight={0: 2.0, 1: 0.5}")
    if writer.chance(0.35):
        parts = "validation_data=keras.tree.map_structure(lambda a: a[:5], (x, y))"
        options.append("validation_split=0.25" if container in ("arrays", "frame") and writer.chance(0.4) else parts)
        if writer.chance(0.3):
            options.append("validation_freq=2")
    return options
