"""What a page that shows its maps costs the training of a small convolutional network."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from time import perf_counter
from typing import Any
from unittest.mock import patch

import keras

import nnvis_widget as nv
from tests.browser.chromium import chromium
from tests.browser.joined_page import JoinedPage
from tests.browser.kernel_stand_in import kernel_stand_in

from .result import Result, interleaved, median_ratio

BATCH_SIZE = 32
EPOCHS = 6
ROUNDS = 5


def measure() -> Iterator[Result]:
    flat = nv.datasets.digits(size=28)
    data = (flat.inputs.reshape(-1, 28, 28, 1), flat.targets)
    steps = EPOCHS * -(-len(data[0]) // BATCH_SIZE)
    alone = build()

    def fit() -> float:
        start_s = perf_counter()
        alone.fit(*data, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0)
        return perf_counter() - start_s

    with kernel_stand_in() as kernel, patch("comm.create_comm", kernel.create_comm), chromium() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        trainer = nv.Trainer(build(), data, batch_size=BATCH_SIZE)
        view = nv.NetworkView(trainer, height=760)
        joined = JoinedPage(page, kernel)
        joined.put(view, width=1400)

        def train() -> float:
            start_s = perf_counter()
            trainer.run_epochs(EPOCHS)
            trainer.wait()
            return perf_counter() - start_s

        for run in (fit, train):
            run()
        frames, size = view.sent_frames, view.sent_bytes
        seconds = interleaved({"fit": fit, "trainer": train}, ROUNDS)
        sent, size = view.sent_frames - frames, view.sent_bytes - size
        joined.close()
    base = f"fit {statistics.median(seconds['fit']) / steps * 1e3:.2f} ms a step, {sent} frames"
    ratio = median_ratio(seconds["trainer"], seconds["fit"])
    yield Result("28 × 28 CNN: Trainer with its maps in a page / plain fit", ratio, "×", 0.8, base)
    yield Result("Frame of the 28 × 28 CNN, on average", size / max(1, sent) / 1e3, "kB", 200)


def build() -> Any:
    keras.utils.set_random_seed(1)
    kinds = [
        keras.layers.Conv2D(8, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(16, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Flatten(),
        keras.layers.Dense(10, "softmax"),
    ]
    model = keras.Sequential([keras.Input((28, 28, 1)), *kinds], name="digits_cnn")
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
