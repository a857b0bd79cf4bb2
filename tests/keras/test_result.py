"""Is what is shown beside the target what `predict` gives, and the target the person's own?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.stream.frame import Frame, Section, decode_frame
from tests.keras.page import until

RNG = np.random.default_rng(4)
GREY = RNG.random((6, 12, 10, 1)).astype(np.float32)
COLOUR = RNG.normal(size=(4, 24, 20, 3)).astype(np.float32) * 40


@contextmanager
def frame_of(model: Any, data: Any, sample: int = 0) -> Iterator[Frame]:
    view = nv.NetworkView(model, data=data, sample=sample)
    try:
        until(lambda: decode_frame(view.get_state()["frame"]).header["sample"] == sample)
        yield decode_frame(view.get_state()["frame"])
    finally:
        view.close()


def result(frame: Frame, name: str) -> Section | None:
    return next((one for one in frame.sections if (one.quantity, one.name) == ("result", name)), None)


def numbers(section: Section) -> np.ndarray:
    low, high = section.attributes["lo"], section.attributes["hi"]
    codes = section.values.astype(np.float64)
    return np.where(codes == 0, np.nan, low + (codes - 1) / 254 * (high - low))


def convolution(channels: int, shape: tuple[int | None, ...], loss: str, activation: str | None = None) -> keras.Model:
    keras.utils.set_random_seed(2)
    model = keras.Sequential([layers.Input(shape), layers.Conv2D(channels, 3, padding="same", activation=activation)])
    model.compile("sgd", loss)
    return model


@pytest.mark.parametrize("sizes", ["known", "unknown"])
@pytest.mark.parametrize(("x", "channels"), [(GREY, 1), (COLOUR, 3)])
def test_a_picture_and_its_target_are_on_one_range(x: np.ndarray, channels: int, sizes: str) -> None:
    shape = x.shape[1:] if sizes == "known" else (None, None, channels)
    model, y = convolution(channels, shape, "mse"), x[::-1].copy()
    with frame_of(model, (x, y), sample=1) as frame:
        put_out, target = result(frame, "put_out"), result(frame, "target")
        assert put_out is not None
        assert target is not None
        assert (put_out.attributes["lo"], put_out.attributes["hi"]) == (
            target.attributes["lo"],
            target.attributes["hi"],
        )
        half_a_code = (put_out.attributes["hi"] - put_out.attributes["lo"]) / 254 / 2 + 1e-5
        assert np.abs(numbers(put_out) - model.predict(x, verbose=0)[1]).max() <= half_a_code
        assert np.abs(numbers(target) - y[1]).max() <= half_a_code


def test_classes_of_more_pixels_than_are_drawn_as_maps_stand_beside_their_target() -> None:
    x = RNG.random((2, 192, 200, 1)).astype(np.float32)
    model, y = convolution(3, x.shape[1:], "sparse_categorical_crossentropy", "softmax"), (x[..., 0] > 0.5).astype(int)
    with frame_of(model, (x, y), sample=1) as frame:
        put_out, target = result(frame, "put_out"), result(frame, "target")
        assert put_out is not None
        assert target is not None
        guesses = model.predict(x, verbose=0)[1].argmax(axis=-1)
        step = put_out.attributes["step"]
        assert step == 2
        np.testing.assert_array_equal(put_out.values, guesses[1::2, 1::2])
        np.testing.assert_array_equal(target.values, y[1][1::2, 1::2])
        assert f"{int((guesses == y[1]).sum()):,} of 38,400" in str(frame.header["verdict"])


def test_a_flat_autoencoder_has_pictures_where_its_input_is_one() -> None:
    x = GREY.reshape(6, 120)[:, :64]
    model = keras.Sequential([layers.Input((64,)), layers.Dense(64, "sigmoid")])
    model.compile("sgd", "mse")
    with frame_of(model, (x, x)) as frame:
        assert result(frame, "target").values.shape == (8, 8, 1)  # type: ignore[union-attr]
    table = RNG.normal(size=(6, 9)).astype(np.float32)
    model = keras.Sequential([layers.Input((9,)), layers.Dense(9)])
    model.compile("sgd", "mse")
    with frame_of(model, (table, table)) as frame:  # numbers of a table are no picture
        assert result(frame, "put_out") is None


def test_a_large_picture_is_sent_as_means_over_its_pixels() -> None:
    x = RNG.random((2, 200, 180, 1)).astype(np.float32)
    with frame_of(convolution(1, (200, 180, 1), "mse"), (x, x)) as frame:
        target = result(frame, "target")
        assert target is not None
        assert max(target.values.shape) == 128
        assert abs(np.nanmean(numbers(target)) - x[0].mean()) < 0.01


@pytest.mark.parametrize("form", ["numbers", "marked"])
def test_the_class_of_each_pixel_is_the_largest_and_the_target_the_given_one(form: str) -> None:
    y = RNG.integers(0, 4, GREY.shape[:3])
    loss = "sparse_categorical_crossentropy" if form == "numbers" else "categorical_crossentropy"
    model = convolution(4, GREY.shape[1:], loss, "softmax")
    with frame_of(model, (GREY, y if form == "numbers" else np.eye(4)[y]), sample=2) as frame:
        put_out, target = result(frame, "put_out"), result(frame, "target")
        assert put_out is not None
        assert target is not None
        guesses = model.predict(GREY, verbose=0)[2].argmax(axis=-1)
        assert (put_out.values == guesses).all()
        assert (target.values == y[2]).all()
        right = int((guesses == y[2]).sum())
        assert frame.header["verdict"]["words"] == f"right at {right} of 120 places"


def test_of_a_long_sequence_the_first_places_are_sent_and_all_are_counted() -> None:
    x = RNG.normal(size=(3, 300, 2)).astype(np.float32)
    y = RNG.integers(0, 2, (3, 300))
    model = keras.Sequential([layers.Input((300, 2)), layers.Dense(2, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    with frame_of(model, (x, y)) as frame:
        put_out = result(frame, "put_out")
        assert put_out is not None
        assert (put_out.values.shape, put_out.attributes["count"]) == ((256,), 300)
        right = int((model.predict(x, verbose=0)[0].argmax(axis=-1) == y[0]).sum())
        assert frame.header["verdict"]["words"] == f"right at {right} of 300 places"


def test_what_is_no_number_is_none_in_the_picture() -> None:
    model, x = convolution(1, GREY.shape[1:], "mse"), GREY.copy()
    x[0, 5, 5] = np.nan
    with frame_of(model, (x, GREY)) as frame:
        put_out = result(frame, "put_out")
        assert put_out is not None
        assert np.array_equal(np.isnan(numbers(put_out)), np.isnan(np.asarray(model(x))[0]))
