"""What is drawn is a sample like any other, but for its target: nobody knows it."""

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.core.drawings import MOST, is_drawn
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.errors import DataError

from ..limits import PATIENCE_S
from .models import state
from .page import Page, until

SIDE = 8


def pictures(shape=(SIDE * SIDE,), most=1.0, dtype="float32", is_inverted=False):
    rng = np.random.default_rng(0)
    ink = rng.uniform(0, 1, (40, *shape)) * (rng.uniform(0, 1, (40, *shape)) < 0.3)
    ink[0].flat[0] = 1
    x = (most * (1 - ink if is_inverted else ink)).astype(dtype)
    return x, np.arange(40) % 3


def net(shape=(SIDE * SIDE,)):
    keras.utils.set_random_seed(4)
    model = keras.Sequential(
        [layers.Input(shape), layers.Flatten(), layers.Dense(6, "relu"), layers.Dense(3, "softmax")]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def cross():
    picture = np.zeros((SIDE, SIDE), np.uint8)
    picture[3], picture[:, 4] = 255, 128
    return picture


KINDS = {
    "flat, 0 to 1": ({}, lambda ink: ink.reshape(-1)),
    "square, 0 to 255": ({"shape": (SIDE, SIDE), "most": 255, "dtype": "uint8"}, lambda ink: np.rint(255 * ink)),
    "one channel, 0 to 16": ({"shape": (SIDE, SIDE, 1), "most": 16}, lambda ink: 16 * ink[..., None]),
    "dark on light": ({"is_inverted": True}, lambda ink: 1 - ink.reshape(-1)),
}


@pytest.mark.parametrize(("kind", "as_data"), KINDS.values(), ids=KINDS)
def test_it_goes_through_the_model_scaled_as_the_data_are(kind, as_data):
    x, y = pictures(**kind)
    model = net(x.shape[1:])
    view = Page(model, data=(x, y))
    pad = nv.DigitPad(view)
    pad.draw(cross())
    until(lambda: is_drawn(view.sample) and view.sample in view.source.run.latest.samples)
    given = as_data(cross() / 255.0).astype(x.dtype)[None]
    expected = model.predict(given, verbose=0)[0]
    output = view.source.graph.outputs[0]
    measured = view.source.run.latest.tensors[TensorKey("activation", output, sample=view.sample)]
    np.testing.assert_allclose(measured, expected, rtol=1e-4, atol=1e-6)
    said = view.describe()
    assert f"Your drawing: predicted class {expected.argmax()}" in said
    assert not any(word in said for word in ("right", "wrong", "true", "Sample"))
    pad.close()
    view.close()


def test_an_empty_picture_is_no_sample_and_the_one_before_comes_back():
    view = Page(net(), data=pictures())
    view.sample = 7
    pad = nv.DigitPad(view)
    pad.draw(np.zeros((SIDE, SIDE)))
    assert (view.sample, pad.is_sample) == (7, False)
    pad.draw(cross())
    assert is_drawn(view.sample)
    assert pad.is_sample
    assert "sample" not in view.to_python()
    pad.draw(np.zeros((SIDE, SIDE)))
    assert (view.sample, pad.is_sample) == (7, False)
    pad.draw(cross())
    view.sample = 9
    assert not pad.is_sample
    assert pad.picture.tolist() == cross().tolist()
    pad.close()
    assert view.sample == 9
    view.close()


def test_the_past_sees_it_with_the_weights_of_then_and_forgets_older_strokes():
    x, y = pictures()
    trainer = nv.Trainer(net(), (x, y), batch_size=16)
    trainer.run_steps(6)
    trainer.wait(PATIENCE_S)
    step, weights = trainer.run.latest.step, trainer.model.get_weights()
    trainer.run_steps(6)
    trainer.wait(PATIENCE_S)
    view = Page(trainer)
    pad = nv.DigitPad(view)
    view.step = step
    strokes = []
    for row in range(4):
        picture = cross()
        picture[row] = 255
        pad.draw(picture)
        strokes.append(view.sample)
        until(lambda: view.sample in trainer.run.at(step).samples)
    snapshot = trainer.run.at(step)
    assert [sample for sample in snapshot.samples if is_drawn(sample)] == strokes[-1:]
    assert {key.sample for key in snapshot.tensors if is_drawn(key.sample)} == {strokes[-1]}
    then = net()
    then.set_weights(weights)
    expected = then.predict((picture / 255.0).reshape(1, -1).astype("float32"), verbose=0)[0]
    measured = snapshot.tensors[TensorKey("activation", trainer.graph.outputs[0], sample=view.sample)]
    np.testing.assert_allclose(measured, expected, rtol=1e-4, atol=1e-6)
    pad.close()
    view.close()


def test_a_training_that_is_drawn_for_gives_the_same_weights():
    def train(is_drawn_for):
        trainer = nv.Trainer(net(), pictures(), batch_size=8, epochs=30)
        trainer.pace = "400 steps/s"
        view = Page(trainer)
        pad = nv.DigitPad(view)
        trainer.start()
        if is_drawn_for:
            for row in range(2 * MOST):
                picture = cross()
                picture[row % SIDE] = row
                pad.draw(picture)
        assert trainer.wait(PATIENCE_S) == "finished"
        pad.close()
        view.close()
        return state(trainer.model)

    for ours, theirs in zip(train(True), train(False), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "Expected samples that are pictures"),
        (nv.datasets.moons(), "Expected samples that are pictures"),
        ((np.zeros((9, 64), "float32"), np.zeros(9)), "Expected pictures with paper and ink, got one colour"),
        (pictures((SIDE, SIDE, 3)), "Expected samples that are pictures"),
        (pictures((49,)), "Expected samples that are pictures"),
    ],
)
def test_what_is_no_picture_is_refused(data, message):
    shape = (64,) if data is None else data.inputs.shape[1:] if hasattr(data, "inputs") else data[0].shape[1:]
    with pytest.raises(DataError, match=message):
        nv.DigitPad(nv.NetworkView(net(shape), data=data))
