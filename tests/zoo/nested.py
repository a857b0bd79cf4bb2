"""Models in models, and layers around layers."""

import keras
from keras import layers


def encoder(name="encoder"):
    return keras.Sequential([layers.Input((6,)), layers.Dense(4, "relu"), layers.Dense(2)], name=name)


def autoencoder():
    decoder = keras.Sequential([layers.Input((2,)), layers.Dense(4, "relu"), layers.Dense(6)], name="decoder")
    return keras.Sequential([layers.Input((6,)), encoder(), decoder])


def nested_functional():
    x = layers.Input((6,), name="x")
    return keras.Model(x, layers.Dense(1, name="out")(encoder()(x)))


def nested_with_two_inputs():
    left, right = layers.Input((3,)), layers.Input((3,))
    inner = keras.Model([left, right], [layers.Add()([left, right]), layers.Dense(2)(right)], name="inner")
    x, y = layers.Input((3,), name="x"), layers.Input((3,), name="y")
    both, last = inner([y, x])
    return keras.Model([x, y], [layers.Dense(1, name="a")(both), layers.Dense(1, name="b")(last)])


def a_model_used_twice():
    shared = encoder("shared")
    left, right = layers.Input((6,), name="left"), layers.Input((6,), name="right")
    return keras.Model([left, right], layers.Subtract(name="apart")([shared(left), shared(right)]))


def a_model_twice_in_a_row():
    inner = keras.Sequential([layers.Input((4,)), layers.Dense(4, name="turn")], name="inner")
    x = layers.Input((4,))
    return keras.Model(x, inner(inner(x)))


def three_deep():
    model = encoder()
    for depth in range(3):
        x = layers.Input((6,))
        model = keras.Model(x, layers.Dense(6)(model(x)), name=f"depth_{depth}")
    return model


def a_layer_within_and_without():
    shared = layers.Dense(4, name="shared")
    inner = keras.Sequential([layers.Input((4,)), shared, layers.Dense(4)], name="inner")
    x = layers.Input((4,))
    return keras.Model(x, layers.Add()([inner(x), shared(x)]))


def a_backbone_with_a_head():
    start = layers.Input((16, 16, 3))
    x = layers.MaxPooling2D()(layers.Conv2D(4, 3, activation="relu")(start))
    backbone = keras.Model(start, layers.GlobalAveragePooling2D()(x), name="backbone")
    backbone.trainable = False
    return keras.Sequential([layers.Input((16, 16, 3)), backbone, layers.Dropout(0.2), layers.Dense(2, "softmax")])


def a_nested_model_that_changes_nothing():
    given = layers.Input((3,))
    inner = keras.Model(given, given, name="inner")
    x = layers.Input((3,))
    return keras.Model(x, layers.Dense(1)(inner(x)))


def spectral():
    return keras.Sequential([layers.Input((4,)), layers.SpectralNormalization(layers.Dense(3)), layers.Dense(1)])


def each_picture_of_several():
    row = [layers.Input((3, 8, 8, 1)), layers.TimeDistributed(layers.Conv2D(2, 3)), layers.Flatten(), layers.Dense(2)]
    return keras.Sequential(row)


def patches_that_attend():
    start = layers.Input((8, 8, 1))
    x = layers.Reshape((4, 8))(layers.Conv2D(8, 4, strides=4)(start))
    x = layers.Add()([x, layers.MultiHeadAttention(2, 4)(x, x)])
    return keras.Model(start, layers.Dense(2)(layers.GlobalAveragePooling1D()(x)))


def both_ways():
    return keras.Sequential([layers.Input((5, 3)), layers.Bidirectional(layers.LSTM(4)), layers.Dense(1)])


def cells():
    return keras.Sequential([layers.Input((5, 3)), layers.RNN([layers.LSTMCell(4), layers.GRUCell(2)])])


NESTED = {
    build.__name__.replace("_", " "): build
    for build in (
        autoencoder,
        nested_functional,
        nested_with_two_inputs,
        a_model_used_twice,
        a_model_twice_in_a_row,
        three_deep,
        a_layer_within_and_without,
        a_backbone_with_a_head,
        a_nested_model_that_changes_nothing,
        spectral,
        each_picture_of_several,
        patches_that_attend,
        both_ways,
        cells,
    )
}
