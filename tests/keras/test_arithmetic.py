"""Is the arithmetic of a unit that of the model? Each number against a forward pass, autodiff and a step of Keras."""

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keras import layers, losses, optimizers

import nnvis_widget as nv
from nnvis_widget.workings import layers as rules
from nnvis_widget.workings import optimizers as optimizer_rules
from nnvis_widget.workings.activations import ELEMENTWISE, OF_ALL
from nnvis_widget.workings.losses import RULES as LOSSES
from tests.keras.models import assert_same_state, state
from tests.limits import size

RNG = np.random.default_rng(7)
X4, Y2 = RNG.normal(size=(40, 4)).astype("float32"), RNG.normal(size=(40, 2)).astype("float32")
SAMPLE = 3


def net(*middle, shape=(4,), loss="mse", optimizer="sgd", end=None):
    keras.utils.set_random_seed(5)
    last = [layers.Flatten(), layers.Dense(2, name="end")] if end is None else end
    model = keras.Sequential([keras.Input(shape), *middle, *last])
    model.compile(optimizer, loss)
    return model


def data_of(shape):
    return RNG.normal(size=(40, *shape)).astype("float32")


def forward_of(model, layer, x, training=False):
    """What a layer puts out, by a forward pass of the test's own."""
    part, given = keras.Model(model.inputs, model.get_layer(layer).output), x if isinstance(x, list) else [x]
    return keras.ops.convert_to_numpy(part(given, training=training))


def assert_right(told, x=None, model=None, layer=None, limit=1e-5):
    """Everything agrees with Keras, the terms with their total, and the code with the numbers."""
    assert told.checked.is_right, [check for check in told.checked.checks if not check.is_right]
    assert told.checked.difference < 1e-4
    if model is not None:
        own = forward_of(model, layer, x)[(told.sample, *told.position, told.unit)]
        assert abs(float(told.cards["forward"].number("a")) - own) <= limit * (1 + abs(own))
    if told.sum is not None:
        values = np.array([term.value for term in told.terms])
        ways = {"sum": np.sum, "mean": np.mean, "max": np.max, "min": np.min, "product": np.prod}
        np.testing.assert_allclose(ways[told.sum.how](values), told.sum.total, rtol=1e-9, atol=1e-12)
        factors = [(term.weight * term.input, term.value) for term in told.terms if term.weight is not None]
        np.testing.assert_allclose(*np.array(factors or [(0, 0)]).T, rtol=1e-9, atol=1e-15)
    results, written = {}, told.to_latex()
    exec(told.to_numpy(), results)
    for place, card in enumerate(told.all_cards):
        for formula in card.formulas:
            found = results["results"][f"{place + 1} {card.title}"][formula.name]
            np.testing.assert_array_equal(found, formula.number, formula.name)
            assert formula.latex in written


LAYERS = [
    ((12, 3), layers.Conv1D(4, 3, strides=2, padding="same", activation="relu")),
    ((12, 3), layers.Conv1D(4, 3, dilation_rate=2, padding="causal", kernel_regularizer="l1")),
    ((9, 8, 4), layers.Conv2D(6, 3, strides=2, padding="same", groups=2, activation="tanh")),
    ((9, 8, 4), layers.Conv2D(6, (2, 3), activation="softmax")),
    ((5, 6, 5, 2), layers.Conv3D(3, 2)),
    ((9, 8, 4), layers.DepthwiseConv2D(3, depth_multiplier=2, padding="same")),
    ((12, 3), layers.DepthwiseConv1D(3)),
    ((9, 8, 4), layers.SeparableConv2D(5, 3, depth_multiplier=2, padding="same", activation="relu")),
    ((12, 3), layers.SeparableConv1D(5, 3)),
    ((12, 3), layers.Conv1DTranspose(4, 3, strides=2)),
    ((5, 6, 3), layers.Conv2DTranspose(4, 3, strides=2, padding="same", activation="relu")),
    ((5, 6, 3), layers.Conv2DTranspose(4, (2, 4), strides=(2, 3))),
    ((3, 3, 3, 2), layers.Conv3DTranspose(2, 2, strides=2)),
    ((12, 3), layers.MaxPooling1D(3, 2, "same")),
    ((9, 8, 3), layers.AveragePooling2D(3, 2, "same")),
    ((4, 4, 4, 2), layers.AveragePooling3D(2)),
    ((9, 8, 3), layers.GlobalMaxPooling2D()),
    ((9, 8, 3), layers.GlobalAveragePooling2D(keepdims=True)),
    ((5, 4, 6), layers.LayerNormalization()),
    ((5, 4, 6), layers.LayerNormalization(axis=[1, 2, 3])),
    ((5, 4, 6), layers.GroupNormalization(3)),
    ((5, 4, 6), layers.RMSNormalization()),
    ((5, 4, 6), layers.UnitNormalization()),
    ((5,), layers.Normalization(mean=[1.0, 2, 3, 4, 5], variance=[1.0, 2, 3, 4, 5])),
    ((4, 3), layers.Flatten()),
    ((4, 6), layers.Reshape((3, 2, 4))),
    ((4, 6), layers.Permute((2, 1))),
    ((5, 4, 3), layers.ZeroPadding2D(((1, 2), (0, 3)))),
    ((5, 4, 3), layers.UpSampling2D((2, 3))),
    ((5, 4, 3), layers.Cropping2D(1)),
    ((5,), layers.RepeatVector(3)),
    ((6,), layers.Rescaling(2.0, offset=1.0)),
    ((5, 6), layers.PReLU(shared_axes=[1], alpha_initializer="glorot_uniform")),
    ((6,), layers.ReLU(negative_slope=0.1, max_value=1.0, threshold=0.2)),
    ((6,), layers.LeakyReLU()),
    ((6,), layers.Softmax()),
    ((5, 6), layers.EinsumDense("abc,cde->abde", output_shape=(5, 3, 4), bias_axes="de")),
    ((5, 6), layers.EinsumDense("...x,xy->...y", output_shape=4, bias_axes="y", activation="softmax")),
    ((5, 4), layers.Dense(3, "softmax")),
    ((5, 4), layers.SimpleRNN(3, return_sequences=True, go_backwards=True, activation="relu")),
    ((5, 4), layers.LSTM(3)),
    ((5, 4), layers.LSTM(3, return_sequences=True, use_bias=False)),
    ((5, 4), layers.GRU(3, bias_initializer="glorot_uniform")),
    ((5, 4), layers.GRU(3, reset_after=False, return_sequences=True)),
]


@pytest.mark.parametrize(("shape", "layer"), LAYERS, ids=lambda one: getattr(one, "name", ""))
def test_a_layer_computes_what_its_terms_say(shape, layer):
    model, x = net(layer, shape=shape), data_of(shape)
    for unit in sorted({0, 1, layer.output.shape[-1] - 1})[: size(2, 3)]:
        told = nv.arithmetic(model, layer.name, unit=unit, sample=SAMPLE, data=(x, Y2))
        assert_right(told, x, model, layer.name)
        assert "No formula" not in " ".join(told.cards["forward"].notes)


MERGES = [
    (layers.Add(), [(5,), (5,), (5,)]),
    (layers.Subtract(), [(5,), (5,)]),
    (layers.Multiply(), [(4, 5), (5,)]),
    (layers.Average(), [(5,), (5,)]),
    (layers.Maximum(), [(5,), (5,)]),
    (layers.Minimum(), [(5,), (5,)]),
    (layers.Concatenate(axis=1), [(2, 3), (4, 3)]),
    (layers.Dot((2, 1)), [(4, 5), (5, 3)]),
    (layers.Attention(use_scale=True), [(4, 5), (6, 5)]),
    (layers.Attention(score_mode="concat"), [(4, 5), (6, 5)]),
    (layers.AdditiveAttention(), [(4, 5), (6, 5)]),
]


@pytest.mark.parametrize(("layer", "shapes"), MERGES, ids=lambda one: getattr(one, "name", ""))
def test_a_layer_of_several_inputs_computes_what_its_terms_say(layer, shapes):
    inputs = [keras.Input(shape) for shape in shapes]
    model = keras.Model(inputs, layers.Dense(2)(layers.Flatten()(layer(inputs))))
    model.compile("sgd", "mse")
    x = [data_of(shape) for shape in shapes]
    told = nv.arithmetic(model, layer.name, unit=1, sample=SAMPLE, data=(x, Y2))
    assert_right(told, x, model, layer.name)


def test_attention_sees_what_its_masks_let_it_see():
    given = keras.Input((5,), dtype="int32")
    words = layers.Embedding(9, 4, mask_zero=True, name="words")(given)
    heads = layers.MultiHeadAttention(2, 3, name="heads")(words, words, use_causal_mask=True)
    steps = layers.LSTM(3, return_sequences=True, name="steps")(words)
    last = layers.GRU(3, name="last")(steps)
    both = layers.GlobalAveragePooling1D(name="both")(heads)
    model = keras.Model(given, layers.Dense(2)(layers.Concatenate()([last, both])))
    model.compile("sgd", "mse")
    x = RNG.integers(1, 9, size=(40, 5))
    x[:, 3:] = 0
    for layer in ("words", "heads", "steps", "last", "both"):
        told = nv.arithmetic(model, layer, unit=1, sample=SAMPLE, data=(x, Y2))
        assert_right(told, x, model, layer)
    weights = nv.arithmetic(model, "heads", position=1, data=(x, Y2)).cards["forward"].number("weights")
    np.testing.assert_array_equal(weights[:, 2:], 0)


def test_heads_that_share_keys_look_with_those():
    given = keras.Input((5, 4))
    shared = layers.GroupQueryAttention(3, 4, 2, name="shared")(given, given)
    model = keras.Model(given, layers.Dense(2)(layers.Flatten()(shared)))
    model.compile("sgd", "mse")
    x = data_of((5, 4))
    assert_right(nv.arithmetic(model, "shared", unit=1, sample=SAMPLE, data=(x, Y2)), x, model, "shared")


@pytest.mark.parametrize("name", [*ELEMENTWISE, *OF_ALL])
def test_an_activation_and_what_flows_back_through_it(name):
    model = net(layers.Dense(5, name, name="hidden"), layers.Dense(2, name="end"), end=[])
    assert_right(nv.arithmetic(model, "hidden", unit=1, sample=SAMPLE, data=(X4, Y2)), X4, model, "hidden")


def targets_of(loss):
    name = getattr(loss, "name", loss)
    if "sparse" in name:
        return RNG.integers(2, size=40)
    if "binary" in name or "hinge" in name or "categorical" in name:
        return np.eye(2, dtype="float32")[RNG.integers(2, size=40)]
    return np.abs(Y2) + 0.1


OF_LOSSES = [
    *((name, None) for name in ("mse", "mae", "mape", "log_cosh", "hinge", "squared_hinge", "categorical_hinge")),
    ("cosine_similarity", None),
    ("msle", "softplus"),
    ("poisson", "exponential"),
    ("kl_divergence", "softmax"),
    (losses.Huber(0.3), None),
    (losses.MeanSquaredError(reduction="sum"), "tanh"),
    ("binary_crossentropy", "sigmoid"),
    (losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1), None),
    (losses.BinaryCrossentropy(label_smoothing=0.1), "hard_sigmoid"),
    (losses.BinaryFocalCrossentropy(apply_class_balancing=True), "sigmoid"),
    ("categorical_crossentropy", "softmax"),
    (losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1), None),
    (losses.CategoricalCrossentropy(label_smoothing=0.1), "sigmoid"),
    (losses.CategoricalFocalCrossentropy(), "softmax"),
    ("sparse_categorical_crossentropy", "softmax"),
    (losses.SparseCategoricalCrossentropy(from_logits=True), None),
]


@pytest.mark.parametrize(("loss", "activation"), OF_LOSSES, ids=lambda one: str(getattr(one, "name", one)))
def test_a_loss_and_its_share_in_an_output(loss, activation):
    targets, weights = targets_of(loss), np.linspace(0.5, 2, 40).astype("float32")
    model = net(layers.Dense(2, activation, name="out"), end=[], loss=loss)
    told = nv.arithmetic(model, "out", unit=1, sample=SAMPLE, data=(X4, targets, weights))
    assert_right(told, X4, model, "out")
    assert {"forward", "loss", "loss_of_batch", "backward", "gradient"} == set(told.cards)
    own = keras.losses.get(loss)
    plain = own.call if isinstance(own, losses.Loss) else own
    put_out = model(X4)
    each = keras.ops.convert_to_numpy(plain(keras.ops.convert_to_tensor(targets, "float32"), put_out))
    np.testing.assert_allclose(told.cards["loss"].number("plain"), each[SAMPLE], rtol=1e-5, atol=1e-6)


OPTIMIZERS = [
    optimizers.SGD(0.1),
    optimizers.SGD(0.1, momentum=0.9),
    optimizers.SGD(0.1, momentum=0.9, nesterov=True, clipnorm=0.01),
    optimizers.RMSprop(0.01),
    optimizers.RMSprop(0.01, centered=True, momentum=0.5),
    optimizers.Adagrad(0.01, clipvalue=0.01),
    optimizers.Adadelta(0.1),
    optimizers.Adam(optimizers.schedules.ExponentialDecay(0.1, 2, 0.5), amsgrad=True),
    optimizers.AdamW(0.01, weight_decay=0.1),
    optimizers.Nadam(0.01),
    optimizers.Adamax(0.01, global_clipnorm=0.1),
    optimizers.Lion(0.01),
    optimizers.SGD(0.1, use_ema=True, ema_overwrite_frequency=3),
    optimizers.Adam(0.01, gradient_accumulation_steps=2),
]


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda one: one.name)
def test_an_update_is_the_step_that_the_training_then_takes(optimizer):
    dense = layers.Dense(5, "tanh", name="hidden", kernel_regularizer="l2")
    model = net(dense, layers.Dense(2), end=[], optimizer=optimizer)
    model.compile(optimizer, "mse", run_eagerly=True)
    for _ in range(3):
        before = state(model) if optimizer.built else None
        told = nv.arithmetic(model, "hidden", unit=1, sample=SAMPLE, data=(X4, Y2))
        assert_right(told)
        if before is not None:
            assert_same_state(before, state(model))
        assert set(told.update.cards) == {"kernel", "bias"}
        model.train_on_batch(X4[:32], Y2[:32])
        after = keras.ops.convert_to_numpy(dense.kernel)[:, 1]
        np.testing.assert_allclose(told.update.after["kernel"], after, rtol=1e-5, atol=1e-6)


def test_the_gradient_is_that_of_the_batch_and_of_the_sample():
    tf = pytest.importorskip("tensorflow")
    dense = layers.Dense(5, "tanh", name="hidden", kernel_regularizer="l2", activity_regularizer="l2")
    model = net(dense, layers.Dense(2), end=[])
    told = nv.arithmetic(model, "hidden", unit=1, sample=35, data=(X4, Y2))
    assert told.batch == tuple(range(32, 40))
    with tf.GradientTape(persistent=True) as tape:
        put_out = model(X4[32:40], training=True)
        of_batch = model.compute_loss(X4[32:40], Y2[32:40], put_out)
    slopes = tape.gradient(of_batch, [dense.kernel.value, dense.bias.value])
    np.testing.assert_allclose(told.gradient.batch["kernel"], slopes[0][:, 1], rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(told.gradient.batch["bias"], slopes[1][1], rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(told.gradient.sample["kernel"], told.delta * X4[35], rtol=1e-6)


def test_a_step_is_shown_in_training_mode_and_leaves_no_trace():
    middle = [
        layers.Dense(6, "relu", name="hidden"),
        layers.BatchNormalization(name="norm"),
        layers.Dropout(0.5, seed=3, name="drop"),
    ]
    model, twin = (net(*(one.__class__.from_config(one.get_config()) for one in middle)) for _ in "ab")
    twin.set_weights(model.get_weights())
    for one in (model, twin):
        one.compile("adam", "mse", run_eagerly=True)
        one.train_on_batch(X4, Y2)
    before = state(model)
    told = {
        layer: nv.arithmetic(model, layer, unit=2, sample=SAMPLE, data=(X4, Y2)) for layer in ("hidden", "norm", "drop")
    }
    for one in told.values():
        assert_right(one)
        assert one.is_training
    moving = told["norm"].cards["forward"]
    assert_same_state(before, state(model))
    for one in (model, twin):
        one.train_on_batch(X4[:32], Y2[:32])
    assert_same_state(state(model), state(twin))
    after = keras.ops.convert_to_numpy(model.get_layer("norm").moving_mean)[2]
    np.testing.assert_allclose(moving.number("moving_mean_after"), after, rtol=1e-5, atol=1e-6)
    inference = nv.arithmetic(model, "norm", unit=2, sample=SAMPLE, data=(X4, Y2), training=False)
    assert_right(inference, X4, model, "norm")
    assert inference.update is None
    assert "training mode" in " ".join(inference.notes)


def test_a_mask_is_told_where_it_can_be_seen():
    model, x = net(layers.Dropout(0.5, seed=3, name="drop")), np.concatenate([X4[:, :3], np.zeros((40, 1))], 1)
    told = [nv.arithmetic(model, "drop", unit, SAMPLE, data=(x, Y2)).cards["forward"] for unit in range(4)]
    for unit, card in enumerate(told[:3]):
        put_out = card.number("kept") * x[SAMPLE, unit] / 0.5
        np.testing.assert_allclose(card.number("a"), put_out, rtol=1e-6)
    assert "whether it is dropped or not" in told[3].notes[0]


def test_noise_is_the_identity_in_inference_and_not_guessed_in_training():
    model = net(layers.GaussianNoise(0.5, name="noise"))
    assert_right(nv.arithmetic(model, "noise", 1, SAMPLE, data=(X4, Y2), training=False), X4, model, "noise")
    told = nv.arithmetic(model, "noise", 1, SAMPLE, data=(X4, Y2))
    assert "numbers that it draws" in told.cards["forward"].notes[0]


def test_an_optimiser_that_was_never_used_stays_as_it_is():
    model = net(layers.Dense(5, name="hidden"), optimizer="adam")
    nv.arithmetic(model, "hidden", data=(X4, Y2))
    assert not model.optimizer.built


def test_a_shared_layer_has_an_arithmetic_per_use_and_one_gradient():
    given = keras.Input((4,))
    dense = layers.Dense(4, "tanh", name="shared")
    model = keras.Model(given, layers.Dense(2)(keras.ops.add(dense(dense(given)), given)))
    model.compile("sgd", "mse")
    first, second = (nv.arithmetic(model, "shared", unit=1, data=(X4, Y2), use=use) for use in (0, 1))
    assert_right(first)
    assert_right(second)
    assert first.output != second.output
    np.testing.assert_array_equal(first.gradient.batch["kernel"], second.gradient.batch["kernel"])
    with pytest.raises(nv.errors.ModelError, match="use from 0 to 1"):
        nv.arithmetic(model, "shared", data=(X4, Y2), use=2)


OF_UNITS = [
    ((12, 3), layers.Conv1D(4, 3, strides=2, padding="causal", name="conv"), (..., 3)),
    ((9, 8, 4), layers.Conv2D(6, 3, strides=2, padding="same", groups=2, name="conv"), (..., 3)),
    ((9, 8, 4), layers.DepthwiseConv2D(3, depth_multiplier=2, padding="same", name="conv"), (..., 1, 1)),
    ((5, 6, 3), layers.Conv2DTranspose(7, (3, 2), strides=2, name="conv"), (..., 3, slice(None))),
]


@pytest.mark.parametrize(("shape", "layer", "part"), OF_UNITS, ids=lambda one: type(one).__name__)
def test_gradient_and_update_are_those_of_the_units_own_weights(shape, layer, part):
    model, x = net(layer, shape=shape), data_of(shape)
    model.compile("sgd", "mse", run_eagerly=True)
    before = keras.ops.convert_to_numpy(layer.kernel)
    told = nv.arithmetic(model, "conv", unit=3, sample=SAMPLE, data=(x, Y2))
    assert_right(told)
    model.train_on_batch(x[:32], Y2[:32])
    moved = keras.ops.convert_to_numpy(layer.kernel) - before
    np.testing.assert_allclose(told.update.after["kernel"] - told.update.before["kernel"], moved[part], atol=1e-7)
    np.testing.assert_allclose(-0.01 * told.gradient.batch["kernel"], moved[part], rtol=1e-3, atol=1e-7)


WINDOWS = [
    layers.Conv2D(4, 3, strides=2, padding="same", groups=2, activation="relu", name="next"),
    layers.Conv2D(3, (2, 3), dilation_rate=2, name="next"),
    layers.MaxPooling2D(3, 2, "same", name="next"),
    layers.AveragePooling2D(2, name="next"),
    layers.GlobalMaxPooling2D(name="next"),
    layers.GlobalAveragePooling2D(keepdims=True, name="next"),
]


@pytest.mark.parametrize("following", WINDOWS, ids=lambda one: type(one).__name__)
def test_what_comes_back_through_windows_is_a_row_each(following):
    model, x = net(layers.Conv2D(4, 3, activation="tanh", name="conv"), following, shape=(9, 8, 2)), data_of((9, 8, 2))
    for position in ((0, 0), (3, 2), (5, 5)):
        told = nv.arithmetic(model, "conv", unit=3, sample=SAMPLE, position=position, data=(x, Y2))
        assert_right(told)
        assert told.cards["backward"].sum.terms
        assert all(term.name.startswith("next ") for term in told.cards["backward"].sum.terms)


class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner = keras.Sequential([layers.Dense(5, "relu", name="deep"), layers.Dense(2, name="last")])

    def call(self, x, training=False):
        return self.inner(x * 2, training=training)


class Twice(layers.Layer):
    def call(self, x):
        return x * 2


def test_layers_in_models_of_a_persons_own_are_found():
    model = Own()
    model(X4)
    model.compile("sgd", "mse")
    for layer in ("deep", model.inner.layers[0]):
        told = nv.arithmetic(model, layer, unit=1, sample=SAMPLE, data=(X4, Y2))
        assert_right(told)
        np.testing.assert_allclose(told.cards["forward"].number("x"), 2 * X4[SAMPLE], rtol=1e-6)


def test_what_is_not_written_out_says_so_and_has_what_autodiff_tells():
    own = layers.Dense(4, activation=lambda z: keras.ops.sin(z), name="sine")
    model = net(Twice(name="twice"), own)
    for layer in ("twice", "sine"):
        told = nv.arithmetic(model, layer, unit=1, sample=SAMPLE, data=(X4, Y2))
        assert "No formula is shown" in told.cards["forward"].notes[0]
        assert told.output == pytest.approx(forward_of(model, layer, X4)[SAMPLE, 1], rel=1e-6)
        assert told.delta is not None
        assert not told.cards["forward"].checks


@settings(max_examples=size(6, 200), suppress_health_check=list(HealthCheck))
@given(st.data())
def test_the_arithmetic_of_any_model_agrees_with_keras(data):
    """Models that nobody thought of: drawn layers, activations, losses, optimisers, on the weights of a few steps."""
    draw = data.draw
    keras.utils.set_random_seed(draw(st.integers(0, 10_000)))
    shape = draw(st.sampled_from([(6,), (7, 4), (6, 5, 3)]))
    x, y = data_of(shape), RNG.integers(3, size=40)
    activations = st.sampled_from(sorted(ELEMENTWISE))
    anywhere = [
        lambda: layers.Dense(
            draw(st.integers(1, 6)), draw(activations), kernel_regularizer=draw(st.sampled_from([None, "l2"]))
        ),
        lambda: layers.BatchNormalization(),
        lambda: layers.LayerNormalization(),
        lambda: layers.Dropout(draw(st.sampled_from([0.0, 0.3]))),
        lambda: layers.Activation(draw(activations)),
    ]
    padding, strides = draw(st.sampled_from(["same", "valid"])), draw(st.integers(1, 2))
    inside = {
        1: [],
        2: [
            lambda: layers.Conv1D(4, 2, strides, padding, activation=draw(activations)),
            lambda: layers.MaxPooling1D(2, 1, padding),
            lambda: layers.LSTM(3, return_sequences=True),
            lambda: layers.GRU(3, return_sequences=True, reset_after=draw(st.booleans())),
        ],
        3: [
            lambda: layers.Conv2D(4, 2, strides, padding, activation=draw(activations)),
            lambda: layers.DepthwiseConv2D(2, padding=padding),
            lambda: layers.Conv2DTranspose(3, 2, strides, padding),
            lambda: layers.AveragePooling2D(2, 1, padding),
            lambda: layers.GroupNormalization(1),
        ],
    }[len(shape)]
    middle = [draw(st.sampled_from([*anywhere, *inside]))() for _ in range(draw(st.integers(1, 3)))]
    loss = draw(st.sampled_from(["sparse_categorical_crossentropy", "mse", "binary_crossentropy"]))
    targets = y if loss[:6] == "sparse" else np.eye(3, dtype="float32")[y]
    end = [layers.Flatten(), layers.Dense(3, "softmax" if loss[:6] == "sparse" else "sigmoid")]
    kind = draw(st.sampled_from(["SGD", "Adam", "RMSprop", "Adagrad", "Nadam", "Lion"]))
    clipping = draw(st.sampled_from([{}, {"clipnorm": 0.1}, {"global_clipnorm": 0.1}, {"weight_decay": 0.01}]))
    model = net(*middle, shape=shape, end=end, loss=loss, optimizer=getattr(optimizers, kind)(0.01, **clipping))
    model.compile(model.optimizer, loss, run_eagerly=True)
    for _ in range(draw(st.integers(0, 2))):
        model.train_on_batch(x[:32], targets[:32])
    before = [keras.ops.convert_to_numpy(one) for one in model.variables]
    layer = draw(st.sampled_from([*middle, *end]))
    sizes = layer.output.shape[1:]
    unit, position = draw(st.integers(0, sizes[-1] - 1)), [draw(st.integers(0, size - 1)) for size in sizes[:-1]]
    told = nv.arithmetic(model, layer, unit, draw(st.integers(0, 39)), position, data=(x, targets))
    assert told.checked.is_right, (told, [check for check in told.checked.checks if not check.is_right])
    for one, other in zip(before, model.variables, strict=True):
        np.testing.assert_array_equal(one, keras.ops.convert_to_numpy(other))


def test_a_wrong_formula_is_contradicted_with_both_numbers(monkeypatch):
    plain = rules.RULES["Dense"]

    def wrong(draft, facts):
        found = plain(draft, facts)
        return type(found)(draft.let("bent", found.z * 1.001, "wrong", "z"), None)

    monkeypatch.setitem(rules.RULES, "Dense", wrong)
    told = nv.arithmetic(net(layers.Dense(5, name="hidden")), "hidden", sample=SAMPLE, data=(X4, Y2))
    assert not told.checked.is_right
    assert "✗ contradicted" in repr(told)
    assert "✗ what the unit puts out: " in repr(told)
    assert "by a forward pass" in repr(told)


def test_every_kind_that_is_written_out_is_tried_here():
    tried = {type(layer).__name__ for _, layer in LAYERS} | {type(layer).__name__ for layer, _ in MERGES}
    tried |= {
        "Embedding",
        "MultiHeadAttention",
        "GroupedQueryAttention",
        "GRU",
        "BatchNormalization",
        "Dropout",
        "GaussianNoise",
    }
    families = {kind.rstrip("123D") for kind in tried}
    left = {kind for kind in rules.RULES if kind.rstrip("123D") not in families}
    assert left <= {"Identity", "ActivityRegularization", "Activation", "ELU", "GaussianDropout", "AlphaDropout"} | {
        "SpatialDropout1D",
        "SpatialDropout2D",
    } | {"SpatialDropout3D"}
    assert {type(one).__name__ for one in OPTIMIZERS} >= set(optimizer_rules.RULES)
    names = {getattr(keras.losses.get(loss), "__name__", getattr(loss, "name", "")) for loss, _ in OF_LOSSES}
    assert {name.removesuffix("_loss") for name in names} >= set(LOSSES)


BAD = [
    ({"layer": "hiden"}, "Did you mean 'hidden'"),
    ({"unit": 5}, "unit from 0 to 4"),
    ({"unit": -1}, "unit from 0 to 4"),
    ({"unit": True}, "unit from 0 to 4"),
    ({"sample": 40}, "sample as a number from 0 to 39"),
    ({"position": 1}, "Leave it out"),
    ({"batch_size": 0}, "batch_size as a number from 1"),
]


@pytest.mark.parametrize(("given", "words"), BAD, ids=lambda one: str(one))
def test_what_there_is_not_is_refused_in_words(given, words):
    model = net(layers.Dense(5, name="hidden"))
    with pytest.raises(nv.errors.NnvisError, match=words):
        nv.arithmetic(model, **({"layer": "hidden", "data": (X4, Y2)} | given))


LOSS_NAMES, SHARES = ["mse", "sparse_categorical_crossentropy", "binary_crossentropy"], [0.5, 3.0, 1.0]
KINDS, SICK = np.arange(40) % 3, (np.arange(40) % 2).reshape(-1, 1).astype("float32")
COUNTS = RNG.random(40).astype("float32")


def three_outputs(nest, losses, shares):
    keras.utils.set_random_seed(5)
    given = keras.Input((4,))
    hidden = layers.Dense(5, "tanh", name="hidden", kernel_regularizer="l2")(given)
    ends = [
        layers.Dense(2, name="age"),
        layers.Dense(3, "softmax", name="kind"),
        layers.Dense(1, "sigmoid", name="sick"),
    ]
    model = keras.Model(given, nest([end(hidden) for end in ends]))
    model.compile("adam", nest(losses), loss_weights=nest(shares))
    return model


def by_name(three):
    return dict(zip(("age", "kind", "sick"), three, strict=True))


@pytest.mark.parametrize("nest", [list, by_name])
@pytest.mark.parametrize("counts", [None, COUNTS])
def test_the_losses_of_several_outputs_times_their_weights_are_the_loss_of_the_batch(nest, counts):
    model = three_outputs(nest, LOSS_NAMES, SHARES)
    targets = nest([Y2, KINDS, SICK])
    data = (X4, targets) if counts is None else (X4, targets, nest([counts] * 3))
    toldings = [nv.arithmetic(model, layer, sample=SAMPLE, data=data) for layer in ("hidden", "age", "kind", "sick")]
    for told in toldings:
        assert_right(told)
        assert "No formula" not in " ".join(note for card in told.all_cards for note in card.notes)
        assert list(told.cards)[1:5] == ["age_loss", "kind_loss", "sick_loss", "loss_of_batch"]
    put_out = model.predict(X4, verbose=0)
    age, kind, sick = put_out.values() if isinstance(put_out, dict) else put_out
    rows, weights = slice(0, 32), np.ones(32) if counts is None else counts[:32]
    of_samples = [
        ((age - Y2) ** 2).mean(axis=1)[rows],
        -np.log(kind[np.arange(40), KINDS])[rows],
        -np.log(np.where(SICK, sick, 1 - sick))[rows, 0],
    ]
    penalty = 0.01 * float((model.get_layer("hidden").kernel.numpy() ** 2).sum())
    expected = [share * (own * weights).mean() for share, own in zip(SHARES, of_samples, strict=True)] + [penalty]
    whole = toldings[0].cards["loss_of_batch"]
    np.testing.assert_allclose([term.value for term in whole.sum.terms], expected, rtol=1e-5)
    np.testing.assert_allclose([term.weight for term in whole.sum.terms[:3]], SHARES)
    first = {"x": X4[rows], "y": keras.tree.map_structure(lambda one: one[rows], targets)}
    first |= {} if counts is None else {"sample_weight": keras.tree.map_structure(lambda _: weights, targets)}
    np.testing.assert_allclose(whole.number("loss"), model.train_on_batch(**first, return_dict=True)["loss"], rtol=1e-5)
    for name, own in zip(("age", "kind", "sick"), of_samples, strict=True):
        plain = toldings[0].cards[f"{name}_loss"].number("loss" if counts is None else "plain")
        np.testing.assert_allclose(plain, own[SAMPLE], rtol=1e-5)


def test_outputs_without_a_loss_sums_of_losses_and_those_of_ones_own_are_told_as_far_as_they_go():
    summed = losses.SparseCategoricalCrossentropy(reduction="sum")
    model = three_outputs(by_name, ["mae", summed, None], [0.25, 3.0, 1.0])
    told = nv.arithmetic(model, "hidden", sample=SAMPLE, data=(X4, by_name([Y2, KINDS, SICK])))
    assert_right(told)
    assert [term.name for term in told.cards["loss_of_batch"].sum.terms][:2] == ["age", "kind"]
    assert_right(nv.arithmetic(model, "kind", sample=SAMPLE, data=(X4, by_name([Y2, KINDS, SICK]))))
    unheard = nv.arithmetic(model, "sick", sample=SAMPLE, data=(X4, by_name([Y2, KINDS, SICK])))
    assert "does not depend on this unit" in unheard.notes[-1]
    called = []

    def own(target, put_out):
        called.append(target)
        return keras.ops.mean(keras.ops.abs(target - put_out), -1)

    model = three_outputs(list, ["mse", "sparse_categorical_crossentropy", own], SHARES)
    told = nv.arithmetic(model, "hidden", sample=SAMPLE, data=(X4, [Y2, KINDS, SICK]))
    assert (list(told.cards)[1:3], len(called)) == (["age_loss", "kind_loss"], 1)
    assert any("own of your own" in note for note in told.notes)
    assert_right(told)


def test_the_weight_of_the_only_loss_is_in_its_delta():
    model = net(layers.Dense(5, name="hidden"))
    model.compile("sgd", "mse", loss_weights=[0.3])
    told = nv.arithmetic(model, "end", sample=SAMPLE, data=(X4, Y2))
    assert_right(told)
    assert told.cards["loss_of_batch"].sum.terms[0].weight == 0.3


def test_without_a_loss_the_forward_is_told_and_why_no_more():
    bare = keras.Sequential([keras.Input((4,)), layers.Dense(5, "relu", name="hidden"), layers.Dense(2)])
    told = nv.arithmetic(bare, "hidden", sample=SAMPLE, data=X4)
    assert_right(told, X4, bare, "hidden")
    assert (told.delta, told.gradient, told.update) == (None, None, None)
    assert "not compiled" in told.notes[0]
    compiled = net(layers.Dense(5, name="hidden"))
    assert "no targets" in nv.arithmetic(compiled, "hidden", data=X4).notes[0]
    with pytest.raises(nv.errors.DataError, match="Pass data"):
        nv.arithmetic(compiled, "hidden")


class OwnStep(keras.Sequential):
    def train_step(self, data):
        return super().train_step(data)


def test_a_train_step_of_ones_own_and_frozen_weights_have_no_update_but_a_delta():
    model = OwnStep([keras.Input((4,)), layers.Dense(5, name="hidden"), layers.Dense(2, name="end")])
    model.compile("sgd", "mse")
    told = nv.arithmetic(model, "hidden", data=(X4, Y2))
    assert told.update is None
    assert told.delta is not None
    assert any("OwnStep has a train_step of its own" in note for note in told.notes)
    frozen = net(layers.Dense(5, name="hidden", trainable=False))
    assert any("frozen" in note for note in nv.arithmetic(frozen, "hidden", data=(X4, Y2)).notes)


def test_the_first_term_that_is_no_number_is_named():
    model = net(layers.Dense(5, name="hidden"))
    broken = X4.copy()
    broken[SAMPLE, 2] = np.nan
    told = nv.arithmetic(model, "hidden", sample=SAMPLE, data=(broken, Y2))
    assert told.sum.first_bad.name == "input unit 2"
    assert told.checked.is_right
    assert "NaN" in repr(told)
    broken[SAMPLE, 2] = np.inf
    assert nv.arithmetic(model, "hidden", sample=SAMPLE, data=(broken, Y2)).checked.is_right


def test_of_targets_that_do_not_fit_the_forward_is_told_and_why_no_more():
    model = net(layers.Dense(5, name="hidden"))
    told = nv.arithmetic(model, "hidden", sample=SAMPLE, data=(X4, data_of((3,))))
    assert list(told.cards) == ["forward"]
    assert told.notes[0].startswith("No loss is told: InvalidArgumentError")
    assert "this one sample" in nv.arithmetic(model, "hidden", data=(X4[:1], Y2[:1])).notes[0]


def test_many_inputs_are_written_as_their_bytes():
    wide = RNG.normal(size=(3, 30_000)).astype("float32")
    model = net(layers.Dense(2, "tanh", name="hidden"), shape=(30_000,))
    told = nv.arithmetic(model, "hidden", data=(wide, Y2[:3]))
    assert "base64" in told.to_numpy()
    assert_right(told)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_low_precision_agrees_within_its_rounding(policy):
    dense = layers.Dense(5, "tanh", name="hidden", dtype=policy)
    told = nv.arithmetic(net(dense, layers.Dense(2), end=[]), "hidden", unit=1, sample=SAMPLE, data=(X4, Y2))
    assert told.checked.is_right, told.checked.checks


def test_a_trainer_and_a_view_are_sources_and_a_running_training_is_not_read():
    trainer = nv.Trainer(net(layers.Dense(5, name="hidden")), (X4, Y2), batch_size=8)
    assert nv.arithmetic(trainer, "hidden", sample=9).batch == tuple(range(8, 16))
    assert nv.arithmetic(nv.NetworkView(trainer), "hidden").checked.is_right
    trainer.start()
    with pytest.raises(nv.errors.TrainerStateError, match="Pause it first"):
        nv.arithmetic(trainer, "hidden")
    trainer.stop()
    with pytest.raises(nv.errors.ModelError, match="with a model"):
        nv.arithmetic(trainer.run, "hidden")


def test_it_is_shown_in_a_notebook_and_as_a_frame():
    told = nv.arithmetic(net(layers.Dense(5, "tanh", name="hidden")), "hidden", unit=1, data=(X4, Y2))
    bundle = told._repr_mimebundle_()
    assert bundle["text/plain"].startswith("hidden (Dense), unit 1, sample 0")
    assert bundle["text/html"].count("<table>") == len(told.all_cards)
    pytest.importorskip("pandas")
    frame = told.to_frame()
    assert list(frame.columns) == ["name", "weight", "input", "value"]
    np.testing.assert_allclose(frame["value"].sum(), told.sum.total)
