"""What looking into a decoder costs: its training, its frames, and the wait for a block, a head and a neighbour."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from functools import partial
from time import perf_counter, sleep
from typing import Any

import keras
import numpy as np

import nnvis_widget as nv
from nnvis_widget.reduce.nearest_rows import nearest_rows
from nnvis_widget.stream.frame import decode_frame

from .browser_stand_in import BrowserStandIn
from .result import Result, interleaved, median_ratio

BLOCKS, HEADS, WIDTH, WORDS = 4, 4, 64, 64
BATCH_SIZE, STEPS, ROUNDS = 32, 30, 7
TRIES = 9
PAUSE_S = 0.3  # between what a person does: the page has drawn what came before
PATHS = ("block", "block[1]", "block[2]", "block[3]")


class Block(keras.layers.Layer):
    """A block of a decoder, as people write them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.first = keras.layers.LayerNormalization(name="first")
        self.attend = keras.layers.MultiHeadAttention(HEADS, WIDTH // HEADS, name="attend")
        self.second = keras.layers.LayerNormalization(name="second")
        self.wide = keras.layers.Dense(4 * WIDTH, "gelu", name="wide")
        self.narrow = keras.layers.Dense(WIDTH, name="narrow")

    def build(self, shape: Any) -> None:
        for layer in (self.first, self.second, self.wide):
            layer.build(shape)
        self.attend.build(shape, shape)
        self.narrow.build((*shape[:-1], 4 * WIDTH))

    def call(self, x: Any) -> Any:
        seen = self.first(x)
        x = x + self.attend(seen, seen, use_causal_mask=True)
        return x + self.narrow(self.wide(self.second(x)))


def build(length: int) -> Any:
    keras.utils.set_random_seed(1)
    tokens = keras.Input((length,), dtype="int32", name="tokens")
    x = keras.layers.Embedding(WORDS, WIDTH, name="words")(tokens)
    for number in range(BLOCKS):
        x = Block(name=f"block_{number}")(x)
    model = keras.Model(tokens, keras.layers.Dense(WORDS, "softmax", name="next")(x), name="decoder")
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def data(length: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    text = np.random.default_rng(0).integers(0, WORDS, (count, length + 1))
    return text[:, :-1], text[:, 1:]


def measure() -> Iterator[Result]:
    yield from training()
    for length, most in ((64, 120), (1_024, 200)):
        yield from looking(length, most)
    table = np.random.default_rng(0).normal(size=(1_000_000, 16)).astype(np.float32)
    spans = [seconds(lambda: nearest_rows(table, 5, 12)) for _ in range(TRIES)]
    yield Result("Nearest of 1,000,000 × 16 rows", statistics.median(spans) * 1e3, "ms", 100)


def seconds(act: Callable[[], object]) -> float:
    start_s = perf_counter()
    act()
    return perf_counter() - start_s


def training() -> Iterator[Result]:
    """A Trainer with one block open and a head chosen in a view, beside one that nobody looks at."""
    given = data(64, BATCH_SIZE * STEPS)
    trainers = {name: nv.Trainer(build(64), given, batch_size=BATCH_SIZE) for name in ("unwatched", "watched")}
    view = nv.NetworkView(trainers["watched"])
    page = BrowserStandIn(view)
    choose_head(view, page, 1)

    def epoch(trainer: Any) -> None:
        trainer.run_epochs(1)
        trainer.wait()

    runs = {name: partial(seconds, partial(epoch, trainer)) for name, trainer in trainers.items()}
    for run in runs.values():
        run()
    spans = interleaved(runs, ROUNDS)
    each = statistics.median(spans["unwatched"]) / STEPS * 1e3
    ratio = median_ratio(spans["watched"], spans["unwatched"])
    yield Result("Decoder of 4 blocks, a block open: watched / unwatched", ratio, "×", 1.05, f"{each:.0f} ms a step")


def looking(length: int, most_kb: float) -> Iterator[Result]:
    """At rest: what a frame takes, and how long a block and a head are waited for."""
    view = nv.NetworkView(build(length), data=data(length, 4))
    page = BrowserStandIn(view)
    opened, chosen = [], []
    for number in range(TRIES):
        view.opened = []
        block = PATHS[number % BLOCKS]
        sleep(PAUSE_S)
        opened.append(seconds(lambda block=block: open_block(view, page, block)))
        sleep(PAUSE_S)
        chosen.append(seconds(lambda number=number: choose_head(view, page, number % HEADS, view.opened[0])))
    where = f"T = {length:,}"
    yield Result(f"Frame with a block open and a head chosen, {where}", page.frames[-1][1] / 1e3, "kB", most_kb)
    yield Result(f"Block opened, {where}", statistics.median(opened) * 1e3, "ms", 150)
    yield Result(f"Head chosen, {where}", statistics.median(chosen) * 1e3, "ms", 50)


def open_block(view: Any, page: BrowserStandIn, block: str) -> None:
    view.opened = [block]
    wait_until(lambda: any(key == f"{block}/attend" for key in pictured(view, page)))


def choose_head(view: Any, page: BrowserStandIn, head: int, block: str = PATHS[1]) -> None:
    if block not in view.opened:
        open_block(view, page, block)
    layer = view.source.structure.at(f"{block}/attend").id
    view.selection = {"layer": layer, "unit": head}
    wait_until(lambda: unit_of(page, layer) == head)


def pictured(view: Any, page: BrowserStandIn) -> list[str]:
    """Paths of the layers that the last frame has pictures of heads of."""
    if not page.latest:
        return []
    frame = decode_frame(page.latest)
    structure = view.source.structure
    return [structure.layer(one.layer).path for one in frame.sections if one.quantity == "map_picture"]


def unit_of(page: BrowserStandIn, layer: str) -> int | None:
    section = decode_frame(page.latest).find("scores", layer)
    return None if section is None else section.attributes["unit"]


def wait_until(is_true: Callable[[], bool], most_s: float = 60.0) -> None:
    end_s = perf_counter() + most_s
    while not is_true():
        if perf_counter() > end_s:
            raise TimeoutError("What was waited for did not come within a minute.")
        sleep(0.001)
