"""What random programs are made of: layers by what they take, optimisers, heads. Every entry is Python source."""

from __future__ import annotations

from typing import Literal, NamedTuple

# Layers that take the mean of several numbers away.
OF_SEVERAL = ("layers.LayerNormalization()", "layers.GroupNormalization(1)")

# Layers by the rank of what they take, samples included. `{n}` is a small number, `{act}` an activation's name.
LAYERS = {
    2: [
        'layers.Dense({n}, "{act}")',
        "layers.Dense({n})",
        'layers.Dense({n}, "{act}", use_bias=False)',
        'layers.Dense({n}, kernel_regularizer="l2", bias_initializer="ones")',
        'layers.Dense({n}, "{act}", kernel_constraint="non_neg")',
        'layers.Dense({n}, "{act}", trainable=False)',
        'layers.Dense({n}, "{act}", activity_regularizer="l2")',
        'layers.Dense({n}, "{act}", dtype="mixed_bfloat16")',
        "layers.Normalization(mean=0.5, variance=2.0)",
        "layers.Dropout(0.3)",
        "layers.Dropout(0.3, seed={n})",
        "layers.BatchNormalization()",
        "layers.LayerNormalization()",
        "layers.RMSNormalization()",
        "layers.UnitNormalization()",
        "layers.GroupNormalization(1)",
        'layers.Activation("{act}")',
        "layers.ReLU(max_value=1.0)",
        "layers.LeakyReLU(0.1)",
        "layers.PReLU()",
        "layers.ELU()",
        "layers.Softmax()",
        "layers.GaussianNoise(0.2)",
        "layers.GaussianDropout(0.2)",
        "layers.AlphaDropout(0.2)",
        "layers.ActivityRegularization(0.01)",
        "layers.Rescaling(0.5, 0.1)",
        "layers.Identity()",
        "layers.RepeatVector(3)",
        "layers.Reshape((-1, 1))",
        "layers.Lambda(lambda t: t * 2)",
        'layers.SpectralNormalization(layers.Dense({n}, "{act}"))',
        'layers.EinsumDense("ab,bc->ac", output_shape={n}, bias_axes="c")',
        "Doubled({n})",
        "Counting()",
        "Noisy()",
        "Normed()",
        "Adding()",
    ],
    3: [
        'layers.Conv1D({n}, 2, activation="{act}")',
        'layers.Conv1D({n}, 3, padding="causal")',
        'layers.SeparableConv1D({n}, 2, padding="same")',
        'layers.DepthwiseConv1D(2, padding="same")',
        "layers.Conv1DTranspose({n}, 2)",
        'layers.MaxPooling1D(2, padding="same")',
        'layers.AveragePooling1D(2, padding="same")',
        "layers.GlobalMaxPooling1D()",
        "layers.GlobalAveragePooling1D()",
        "layers.LSTM({n})",
        "layers.LSTM({n}, return_sequences=True, recurrent_dropout=0.2)",
        "layers.GRU({n}, dropout=0.2)",
        "layers.SimpleRNN({n}, return_sequences=True)",
        "layers.Bidirectional(layers.LSTM({n}))",
        "layers.RNN(layers.GRUCell({n}))",
        "layers.RNN([layers.LSTMCell({n}), layers.SimpleRNNCell(2)], return_sequences=True)",
        'layers.TimeDistributed(layers.Dense({n}, "{act}"))',
        "layers.Permute((2, 1))",
        "layers.ZeroPadding1D(1)",
        "layers.Cropping1D(1)",
        "layers.UpSampling1D(2)",
        "layers.SpatialDropout1D(0.3)",
        "layers.Masking(0.0)",
        "layers.LayerNormalization()",
        "layers.BatchNormalization()",
        'layers.Dense({n}, "{act}")',
        "layers.Flatten()",
        "Noisy()",
    ],
    4: [
        'layers.Conv2D({n}, 2, activation="{act}")',
        'layers.Conv2D({n}, 3, strides=2, padding="same")',
        'layers.SeparableConv2D({n}, 2, padding="same")',
        'layers.DepthwiseConv2D(2, padding="same")',
        "layers.Conv2DTranspose({n}, 2)",
        'layers.MaxPooling2D(2, padding="same")',
        'layers.AveragePooling2D(2, padding="same")',
        "layers.GlobalMaxPooling2D()",
        "layers.GlobalAveragePooling2D()",
        "layers.ZeroPadding2D(1)",
        "layers.UpSampling2D(2)",
        "layers.SpatialDropout2D(0.3)",
        'layers.RandomFlip("horizontal")',
        "layers.RandomRotation(0.2)",
        "layers.RandomContrast(0.2)",
        "layers.CenterCrop(3, 3)",
        "layers.Resizing(3, 3)",
        "layers.BatchNormalization()",
        "layers.ConvLSTM1D({n}, 2)",
        "layers.Cropping2D(1)",
        "layers.TimeDistributed(layers.Conv1D({n}, 2))",
        "layers.Flatten()",
    ],
    5: [
        'layers.Conv3D({n}, 2, activation="{act}")',
        'layers.Conv3DTranspose(2, 2, padding="same")',
        "layers.MaxPooling3D(2)",
        "layers.AveragePooling3D(2)",
        "layers.GlobalAveragePooling3D()",
        "layers.GlobalMaxPooling3D()",
        "layers.ConvLSTM2D({n}, 2)",
        "layers.SpatialDropout3D(0.3)",
        "layers.ZeroPadding3D((0, 1, 0))",
        "layers.Cropping3D((0, 1, 0))",
        "layers.Flatten()",
    ],
}
CALLS = {
    2: [
        "layers.Concatenate()([@, @])",
        "layers.Dot(1)([@, @])",
        "keras.ops.tanh(@)",
        "keras.ops.softmax(@)",
        "@ * 2 - 1",
        "keras.ops.concatenate([@, 0.5 * @], axis=-1)",
    ],
    3: [
        "layers.MultiHeadAttention(2, 3)(@, @)",
        "layers.GroupQueryAttention(2, 2, 1)(@, @)",
        "layers.Attention()([@, @])",
        "layers.AdditiveAttention()([@, @])",
        "layers.Minimum()([@, 0.5 * @])",
        "keras.ops.mean(@, axis=1)",
    ],
    4: ["keras.ops.relu(@)", "layers.Add()([@, 0.5 * @])"],
    5: ["keras.ops.max(@, axis=1)"],
}
"""Of functional models alone: calls with more than one tensor, and operations; `@` is what is there so far."""

EMBEDDINGS = [
    "layers.Embedding(9, {n})",
    "layers.Embedding(9, {n}, mask_zero=True)",
    'layers.CategoryEncoding(9, output_mode="multi_hot")',
    'layers.IntegerLookup(vocabulary=[1, 2, 5], output_mode="count")',
]
JOINS = ["layers.Add()", "layers.Multiply()", "layers.Average()", "layers.Maximum()", "layers.Subtract()"]
ACTIVATIONS = ["relu", "tanh", "sigmoid", "softmax", "elu", "gelu", "swish", "softplus", "linear", "leaky_relu"]

OWN = {
    "Doubled": """class Doubled(layers.Dense):
    def call(self, inputs):
        return super().call(2 * inputs)""",
    "Counting": """class Counting(layers.Layer):
    def build(self, shape):
        self.calls = self.add_weight(shape=(), initializer="ones", trainable=False)
    def call(self, inputs):
        self.calls.assign_add(1.0)
        return inputs * keras.ops.cast(1 / self.calls, inputs.dtype)""",
    "Noisy": """class Noisy(layers.Layer):
    def call(self, inputs, training=None):
        noise = keras.random.uniform(keras.ops.shape(inputs), dtype=inputs.dtype)
        return inputs + noise if training else inputs""",
    "Normed": """class Normed(layers.Layer):
    def build(self, shape):
        self.peak = self.add_weight(shape=(), initializer="zeros", trainable=False)
    def call(self, inputs):
        self.peak.assign(keras.ops.maximum(self.peak, keras.ops.cast(keras.ops.max(inputs), "float32")))
        return inputs""",
    "Adding": """class Adding(layers.Layer):
    def call(self, inputs):
        self.add_loss(0.1 * keras.ops.mean(keras.ops.square(inputs)))
        return inputs""",
    "Telling": """class Telling(keras.Model):
    def train_step(self, data):
        logs = super().train_step(data)
        return logs | {"twice": 2 * logs["loss"], "each": keras.ops.stack([logs["loss"], 0.0])}""",
}
"""Of a person's own: layers with another rule under a known class, a count that moves with each call, the global
generator of random numbers, a state that is written in inference, a part of the loss; a step that tells more."""

OPTIMIZERS = [
    '"sgd"',
    '"adam"',
    '"rmsprop"',
    '"adagrad"',
    '"nadam"',
    '"lion"',
    '"adamw"',
    '"ftrl"',
    "keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True)",
    "keras.optimizers.Adam(0.01, clipnorm=1.0)",
    "keras.optimizers.Adam(0.01, use_ema=True, ema_overwrite_frequency=2)",
    "keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.9))",
    "keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(0.01))",
    "keras.optimizers.SGD(0.1, gradient_accumulation_steps=2)",
]


class Head(NamedTuple):
    """What a model puts out, and what is true of it.

    Attributes:
        layer: The last layer.
        loss: With it.
        metrics: Some to choose from.
        targets: For `rows` samples.
        meaning: What the outputs mean, as a view is to say it.
        kind: What can be said of a sample: one `class`, `labels`, `numbers`, or that it is the input `again`.
        classes: What classes are called.
        boundary: Above it a single unit says the second class, and a label yes.
        has_shares: Whether outputs are probabilities.
    """

    layer: str
    loss: str
    metrics: list[str]
    targets: str
    meaning: str
    kind: Literal["class", "labels", "numbers", "again"]
    classes: tuple[str, ...] = ("class 0", "class 1", "class 2")
    boundary: float = 0.5
    has_shares: bool = False


AGAIN = "the input again"
TWO, SEVERAL = "one of two classes", "one of 3 classes"
RIGHT = '[keras.metrics.BinaryAccuracy(name="right/all")]'
HEADS = {
    "two classes": Head(
        'layers.Dense(1, "sigmoid")',
        '"binary_crossentropy"',
        ['["accuracy"]', '[keras.metrics.AUC(name="auc")]', "[]"],
        "rng.integers(0, 2, rows)",
        TWO,
        "class",
        has_shares=True,
    ),
    "two classes, logits": Head(
        "layers.Dense(1)",
        "keras.losses.BinaryCrossentropy(from_logits=True)",
        ["[]", '[keras.metrics.BinaryAccuracy(threshold=0.0, name="top/1")]'],
        'rng.integers(0, 2, (rows, 1)).astype("float32")',
        TWO,
        "class",
        boundary=0.0,
    ),
    "signs": Head(
        'layers.Dense(1, "tanh")',
        '"hinge"',
        ["[]", '["mae"]'],
        '2.0 * rng.integers(0, 2, rows).astype("float32") - 1',
        TWO,
        "class",
        ("class \u22121", "class +1"),
        boundary=0.0,
    ),
    "classes": Head(
        'layers.Dense(3, "softmax")',
        '"sparse_categorical_crossentropy"',
        ['["accuracy"]', '[keras.metrics.SparseCategoricalAccuracy(name="top/1")]', "[]"],
        "rng.integers(0, 3, rows)",
        SEVERAL,
        "class",
        has_shares=True,
    ),
    "one-hot classes": Head(
        'layers.Dense(3, "softmax")',
        '"categorical_crossentropy"',
        ['["accuracy", keras.metrics.F1Score(name="f1/each")]', '["accuracy"]'],
        'np.eye(3, dtype="float32")[rng.integers(0, 3, rows)]',
        SEVERAL,
        "class",
        has_shares=True,
    ),
    "smooth classes": Head(
        'layers.Dense(3, "softmax")',
        "keras.losses.CategoricalCrossentropy(label_smoothing=0.1)",
        ['["accuracy"]'],
        "np.eye(3)[rng.integers(0, 3, rows)]",
        SEVERAL,
        "class",
        has_shares=True,
    ),
    "logits": Head(
        "layers.Dense(3)",
        "keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
        ['["accuracy"]'],
        "rng.integers(0, 3, rows)",
        SEVERAL,
        "class",
    ),
    "labels": Head(
        'layers.Dense(3, "sigmoid")',
        '"binary_crossentropy"',
        [RIGHT, "[]"],
        'rng.integers(0, 2, (rows, 3)).astype("float32")',
        "3 labels, each yes or no",
        "labels",
    ),
    "labels, logits": Head(
        "layers.Dense(3)",
        "keras.losses.BinaryCrossentropy(from_logits=True)",
        ["[]"],
        "rng.integers(0, 2, (rows, 3))",
        "3 labels, each yes or no",
        "labels",
        boundary=0.0,
    ),
    "number": Head(
        "layers.Dense(1)",
        '"mse"',
        ['["mae"]', '[keras.metrics.RootMeanSquaredError(name="error/root")]', "[]"],
        'rng.normal(size=(rows, 1)).astype("float32")',
        "a number",
        "numbers",
    ),
    "count": Head('layers.Dense(1, "softplus")', '"poisson"', ["[]"], "rng.poisson(2, rows)", "a number", "numbers"),
    "numbers": Head(
        "layers.Dense(2)",
        '"huber"',
        ['["mae"]', "[]"],
        'rng.normal(size=(rows, 2)).astype("float32")',
        "2 numbers",
        "numbers",
    ),
    "numbers, own loss": Head(
        'layers.Dense(2, "tanh")',
        "lambda y, out: keras.ops.mean(keras.ops.square(y - out), axis=-1)",
        ["[]"],
        'rng.normal(size=(rows, 2)).astype("float32")',
        "2 numbers",
        "numbers",
    ),
    AGAIN: Head("layers.Dense({size})", '"mse"', ["[]"], "x", "the input again, a reconstruction", "again"),
}
SECOND = Head("layers.Dense(2)", '"mse"', ["[]"], 'rng.normal(size=(rows, 2)).astype("float32")', "", "numbers")
"""Of models with two outputs, beside one of those above."""

CALLBACKS = [
    'keras.callbacks.EarlyStopping("loss", patience=1, restore_best_weights=True)',
    'keras.callbacks.ReduceLROnPlateau("loss", patience=0)',
    "keras.callbacks.TerminateOnNaN()",
    "keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: model.set_weights(model.get_weights()))",
]
