"""Functional models: several inputs and outputs, merges, shared layers, operations."""

import keras
from keras import layers, ops


def two_inputs():
    left, right = layers.Input((2,), name="left"), layers.Input((3,), name="right")
    joined = layers.Concatenate()([layers.Dense(4, "relu")(left), right])
    return keras.Model([left, right], layers.Dense(1)(joined))


def two_outputs():
    x = layers.Input((4,))
    hidden = layers.Dense(6, "relu")(x)
    return keras.Model(x, {"value": layers.Dense(1)(hidden), "kind": layers.Dense(3, "softmax")(hidden)})


def inputs_by_name():
    given = {name: layers.Input((2,), name=name) for name in ("b", "a", "c")}
    return keras.Model(given, layers.Dense(1)(layers.Concatenate()([given[name] for name in sorted(given)])))


def residual():
    x = start = layers.Input((8,))
    for _ in range(3):
        x = layers.Add()([x, layers.Dense(8)(layers.Dense(8, "relu")(x))])
    return keras.Model(start, layers.Dense(2)(x))


def residual_convolutions():
    start = layers.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, padding="same")(start)
    y = layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same")(x))
    return keras.Model(start, layers.GlobalAveragePooling2D()(layers.ReLU()(layers.Add()([x, y]))))


def densely_connected():
    x = start = layers.Input((4,))
    for _ in range(3):
        x = layers.Concatenate()([x, layers.Dense(2, "relu")(x)])
    return keras.Model(start, layers.Dense(1)(x))


def u_net():
    start = layers.Input((8, 8, 1))
    down = layers.Conv2D(2, 3, padding="same", activation="relu")(start)
    deep = layers.Conv2D(4, 3, padding="same")(layers.MaxPooling2D()(down))
    up = layers.Concatenate()([layers.UpSampling2D()(deep), down])
    return keras.Model(start, layers.Conv2D(1, 1, activation="sigmoid")(up))


def operations():
    x = layers.Input((4,))
    y = ops.tanh(layers.Dense(4)(x)) * 2.0 + x
    return keras.Model(x, layers.Dense(1)(ops.concatenate([y, y[:, :2]], axis=-1)))


def merges():
    x, y = layers.Input((3,)), layers.Input((3,))
    kinds = (layers.Add, layers.Subtract, layers.Multiply, layers.Average, layers.Maximum, layers.Minimum)
    return keras.Model([x, y], layers.Concatenate()([kind()([x, y]) for kind in kinds] + [layers.Dot(1)([x, y])]))


def siamese():
    left, right = layers.Input((4,), name="left"), layers.Input((4,), name="right")
    shared = layers.Dense(3, "relu", name="shared")
    return keras.Model([left, right], layers.Dense(1)(layers.Subtract()([shared(left), shared(right)])))


def one_layer_three_times():
    x = start = layers.Input((4,))
    again = layers.Dense(4, "tanh", name="again")
    for _ in range(3):
        x = again(x)
    return keras.Model(start, layers.Dense(1)(x))


def a_shared_layer_that_is_an_output():
    left, right = layers.Input((4,)), layers.Input((4,))
    shared = layers.Dense(2, name="shared")
    return keras.Model([left, right], [shared(left), shared(right)])


def split_in_two():
    x = layers.Input((6,))
    one, two = ops.split(layers.Dense(6)(x), 2, axis=-1)
    return keras.Model(x, layers.Multiply()([layers.Dense(3)(one), ops.sigmoid(two)]))


def an_input_that_is_an_output():
    x = layers.Input((3,), name="x")
    return keras.Model(x, [x, layers.Dense(2)(x)])


def a_part_of_another_model():
    whole = residual()
    return keras.Model(whole.inputs, layers.Dense(1, name="new")(whole.layers[4].output))


class Named(keras.Model):
    """A class of a person's own that says nothing of its call."""


def a_functional_model_of_an_own_class():
    x = layers.Input((4,))
    return Named(x, layers.Dense(2)(x))


BRANCHING = {
    build.__name__.replace("_", " "): build
    for build in (
        two_inputs,
        two_outputs,
        inputs_by_name,
        residual,
        residual_convolutions,
        densely_connected,
        u_net,
        operations,
        merges,
        siamese,
        one_layer_three_times,
        a_shared_layer_that_is_an_output,
        split_in_two,
        an_input_that_is_an_output,
        a_part_of_another_model,
        a_functional_model_of_an_own_class,
    )
}
