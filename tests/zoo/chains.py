"""Models whose layers lie in a row."""

import keras
from keras import layers


def chain(shape, *row, **options):
    return keras.Sequential([layers.Input(shape, **options), *row])


def dense():
    return chain((4,), layers.Dense(6, "relu"), layers.Dense(3, "softmax"))


def dense_with_an_activation_layer():
    return chain((4,), layers.Dense(6, activation=layers.LeakyReLU()), layers.Dense(1))


def regularised():
    return chain(
        (4,),
        layers.Dense(6, kernel_regularizer="l2"),
        layers.BatchNormalization(),
        layers.Dropout(0.3),
        layers.Dense(1),
    )


def normalised():
    return chain((4,), layers.Normalization(), layers.LayerNormalization(), layers.Dense(2), layers.UnitNormalization())


def noisy():
    return chain(
        (4,), layers.GaussianNoise(0.1), layers.Dense(4), layers.GaussianDropout(0.2), layers.AlphaDropout(0.1)
    )


def activations():
    row = (layers.ReLU(), layers.LeakyReLU(), layers.PReLU(), layers.ELU(), layers.Softmax(), layers.Activation("tanh"))
    return chain((4,), *row)


def half_precision():
    return chain((4,), layers.Dense(6, "relu", dtype="mixed_float16"), layers.Dense(2, dtype="float32"))


def integers_to_vectors():
    return chain((3,), layers.Embedding(10, 4), layers.Flatten(), layers.Dense(2), dtype="int32")


def deep():
    return chain((4,), *(layers.Dense(4, "tanh") for _ in range(24)), layers.Dense(1))


def wide():
    return chain((300,), layers.Dense(500, "relu"), layers.Dense(10))


def frozen():
    model = chain((4,), layers.Dense(6, name="still"), layers.Dense(2))
    model.get_layer("still").trainable = False
    return model


def convolutional():
    return chain(
        (12, 12, 1), layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(3)
    )


def depthwise():
    return chain((8, 8, 3), layers.DepthwiseConv2D(3), layers.SeparableConv2D(4, 3), layers.GlobalAveragePooling2D())


def transposed():
    return chain((4, 4, 2), layers.Conv2DTranspose(3, 3, strides=2), layers.UpSampling2D(), layers.Cropping2D(1))


def padded():
    return chain((6, 6, 1), layers.ZeroPadding2D(2), layers.Conv2D(2, 3, strides=2), layers.AveragePooling2D(2))


def strips():
    return chain((16, 2), layers.Conv1D(4, 3, padding="causal"), layers.MaxPooling1D(), layers.GlobalMaxPooling1D())


def volumes():
    return chain((6, 6, 6, 1), layers.Conv3D(2, 3), layers.MaxPooling3D(), layers.Flatten(), layers.Dense(2))


def channels_normalised():
    return chain((6, 6, 4), layers.GroupNormalization(2), layers.Conv2D(2, 3), layers.SpatialDropout2D(0.1))


def reshaped():
    return chain((12,), layers.Reshape((3, 4)), layers.Permute((2, 1)), layers.Flatten(), layers.RepeatVector(2))


def augmented():
    return chain(
        (8, 8, 3), layers.Rescaling(1 / 255), layers.RandomFlip(), layers.RandomRotation(0.1), layers.Flatten()
    )


def a_fixed_batch():
    return keras.Sequential([layers.Input(batch_shape=(4, 3)), layers.Dense(2)])


def pictures_of_any_size():
    return chain((None, None, 3), layers.Conv2D(4, 3, padding="same"), layers.GlobalMaxPooling2D(), layers.Dense(2))


def built_by_a_call():
    model = keras.Sequential([layers.Dense(4, "relu"), layers.Dense(2)])
    model(keras.ops.zeros((5, 3)))
    return model


def einsum():
    return chain((3, 4), layers.EinsumDense("abc,cd->abd", output_shape=(None, 5)), layers.Flatten())


CHAINS = {
    build.__name__.replace("_", " "): build
    for build in (
        dense,
        dense_with_an_activation_layer,
        regularised,
        normalised,
        noisy,
        activations,
        half_precision,
        integers_to_vectors,
        deep,
        wide,
        frozen,
        convolutional,
        depthwise,
        transposed,
        padded,
        strips,
        volumes,
        channels_normalised,
        reshaped,
        augmented,
        a_fixed_batch,
        pictures_of_any_size,
        built_by_a_call,
        einsum,
    )
}
