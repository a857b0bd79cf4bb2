"""Of many maps those are drawn that give most to the shown output: against finite differences of the model itself."""

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.reduce.map_pictures import strongest_maps
from tests.keras.models import assert_same_state, state
from tests.keras.page import Page, until
from tests.keras.test_maps import frame_of, id_of, pictures

COUNT = 20


def branching(ending):
    """Maps that something leads past, and an end of a kind."""
    keras.utils.set_random_seed(3)
    given = layers.Input((12, 12, 1))
    first = layers.Conv2D(COUNT, 3, activation="relu", padding="same", name="first")(given)
    second = layers.Conv2D(COUNT, 3, activation="tanh", padding="same", name="second")(
        layers.BatchNormalization()(first)
    )
    joined = layers.AveragePooling2D(4)(layers.Add()([first, second]))
    if ending == "regression":
        out = layers.Dense(1, name="out")(layers.Flatten()(joined))
    elif ending == "softmax apart":
        out = layers.Softmax(name="out")(layers.Dense(4, name="logits")(layers.Flatten()(joined)))
    else:
        out = layers.Dense(4, "softmax", name="out")(layers.Flatten()(joined))
    model = keras.Model(given, out)
    model.compile("sgd", "mse" if ending == "regression" else "sparse_categorical_crossentropy")
    return model


def score(model, x):
    """The largest logit of each, or the only number, as Keras computes it."""
    last = model.layers[-1]
    if last.name == "out" and isinstance(last, layers.Softmax):
        values = keras.Model(model.inputs[0], model.get_layer("logits").output)(x)
    elif getattr(last, "activation", None) is keras.activations.softmax:
        values = keras.Model(model.inputs[0], last.input)(x) @ last.kernel + last.bias
    else:
        values = model(x)
    return keras.ops.convert_to_numpy(values).max(-1)


class Scaled(layers.Layer):
    """Multiplies each map of a sample by a number of its own."""

    def __init__(self, factors):
        super().__init__()
        self.factors = factors

    def compute_output_spec(self, x):
        return keras.KerasTensor(x.shape, x.dtype)

    def call(self, x):
        return x * keras.ops.convert_to_tensor(self.factors)


def scaled_twin(model, name, factors):
    """The model with what one layer puts out multiplied by these numbers, a row for each sample."""

    def call(layer, *args, **kwargs):
        put_out = layer(*args, **kwargs)
        return Scaled(factors[:, None, None])(put_out) if layer.name == name else put_out

    twin = keras.models.clone_model(model, call_function=call)
    twin.set_weights(model.get_weights())
    return twin


def contributions_of(view, sample, names):
    graph = view.source.graph
    keys = {name: TensorKey("contribution", graph.by_name(name).id, sample=sample) for name in names}
    until(lambda: view.source.run.latest is not None and keys[names[0]] in view.source.run.latest.tensors)
    return {name: view.source.run.latest.tensors[key] for name, key in keys.items()}


@pytest.mark.parametrize("ending", ["softmax", "softmax apart", "regression"])
def test_a_contribution_is_how_fast_the_shown_output_grows_with_the_map(ending):
    assert_contributions(ending, ("first", "second"))


def assert_contributions(ending, names):
    model = branching(ending)
    x, y = pictures()
    view = nv.NetworkView(model, data=(x, y.astype("float32") if ending == "regression" else y))
    view.sample = 5
    told = contributions_of(view, 5, names)
    step = 1e-2
    factors = np.concatenate([1 + step * np.eye(COUNT), 1 - step * np.eye(COUNT)]).astype("float32")
    for name in names:
        ahead, behind = score(scaled_twin(model, name, factors), np.repeat(x[5:6], 2 * COUNT, axis=0)).reshape(2, -1)
        slopes = (ahead - behind) / (2 * step)  # of the output along a factor before the map: Σ slope · map
        np.testing.assert_allclose(told[name], slopes, atol=1e-2 * np.abs(slopes).max())
        layer = id_of(view, name)
        until(lambda layer=layer: frame_of(view).find("map_index", layer).attributes["by"] == "contribution")
        drawn = frame_of(view).find("map_index", layer).values
        np.testing.assert_array_equal(drawn, np.sort(np.argsort(-np.abs(told[name]))[:12]))
    assert "give most to the shown output" in view.describe()


def test_where_there_is_no_one_output_the_maps_are_told_apart_by_what_they_put_out():
    keras.utils.set_random_seed(0)
    kinds = [layers.Conv2D(COUNT, 3, padding="same", name="many"), layers.Conv2D(1, 3, padding="same", name="picture")]
    model = keras.Sequential([layers.Input((8, 8, 1)), *kinds])
    model.compile("sgd", "mse")
    x, _ = pictures(side=8)
    view = nv.NetworkView(model, data=(x, x))
    assert frame_of(view).find("map_index", id_of(view, "many")).attributes["by"] == "mean"
    assert "largest by mean |a|" in view.describe()


def test_the_maps_that_were_drawn_stay_until_another_is_larger_by_a_quarter():
    sizes = np.linspace(1, 2, 20)
    first = strongest_maps(sizes)
    np.testing.assert_array_equal(first, np.arange(8, 20))
    sizes[7] = 1.1 * sizes[8]
    np.testing.assert_array_equal(strongest_maps(sizes, before=first), first)
    assert 7 in strongest_maps(sizes)
    sizes[7] = 1.3 * sizes[8]
    np.testing.assert_array_equal(strongest_maps(sizes, before=first), [7, *range(9, 20)])
    assert 0 in strongest_maps(sizes, chosen=0, before=first)


def test_contributions_are_measured_for_who_looks_and_leave_the_training_as_it_was():
    x, y = pictures(48)
    left = []
    for is_watched in (False, True):
        keras.utils.set_random_seed(4)
        kinds = [
            layers.Conv2D(COUNT, 3, activation="relu", name="many"),
            layers.BatchNormalization(),
            layers.Dropout(0.3),
        ]
        ends = [layers.Flatten(), layers.Dense(4, "softmax")]
        model = keras.Sequential([layers.Input((12, 12, 1)), *kinds, *ends])
        model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
        trainer = nv.Trainer(model, (x, y), batch_size=8)
        view = Page(trainer) if is_watched else None
        for _ in range(3):
            trainer.run_steps(3)
            trainer.wait(60)
            if trainer.run.latest is not None:
                held = {key.quantity for key in trainer.run.latest.tensors}
                assert ("contribution" in held) == is_watched
        left.append(state(model))
        if view is not None:
            view.close()
    assert_same_state(*left)
