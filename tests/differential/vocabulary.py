"""What random programs are made of: layers by what they take, optimisers, heads. Every entry is Python source."""

from __future__ import annotations

# Layers by the rank of what they take, samples included. `{n}` is a small number, `{act}` an activation's name.
LAYERS = {
    2: [
        'layers.Dense({n}, "{act}")',
        "layers.Dense({n})",
        'layers.Dense({n}, "{act}", use_bias=False)',
        'layers.Dense({n}, kernel_regularizer="l2", bias_initializer="ones")',
        'layers.Dense({n}, "{act}", kernel_constraint="non_neg")',
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
        'layers.TimeDistributed(layers.Dense({n}, "{act}"))',
        "layers.Permute((2, 1))",
        "layers.ZeroPadding1D(1)",
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
        "layers.Flatten()",
    ],
}
EMBEDDINGS = ["layers.Embedding(9, {n})", "layers.Embedding(9, {n}, mask_zero=True)"]
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
}
"""Layers of a person's own: another rule under a known class, a count that moves with each call, the global generator
of random numbers, a state that is written in inference."""

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

# A head: its layer, the loss, metrics, and the targets for `rows` samples.
HEADS = {
    "two classes": (
        'layers.Dense(1, "sigmoid")',
        '"binary_crossentropy"',
        ['["accuracy"]', '[keras.metrics.AUC(name="auc")]', "[]"],
        "rng.integers(0, 2, rows)",
    ),
    "classes": (
        'layers.Dense(3, "softmax")',
        '"sparse_categorical_crossentropy"',
        ['["accuracy"]', "[]"],
        "rng.integers(0, 3, rows)",
    ),
    "one-hot classes": (
        'layers.Dense(3, "softmax")',
        '"categorical_crossentropy"',
        ['["accuracy", keras.metrics.F1Score(name="f1")]', '["accuracy"]'],
        'np.eye(3, dtype="float32")[rng.integers(0, 3, rows)]',
    ),
    "logits": (
        "layers.Dense(3)",
        "keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
        ['["accuracy"]'],
        "rng.integers(0, 3, rows)",
    ),
    "labels": (
        'layers.Dense(3, "sigmoid")',
        '"binary_crossentropy"',
        ['[keras.metrics.BinaryAccuracy(name="right")]', "[]"],
        'rng.integers(0, 2, (rows, 3)).astype("float32")',
    ),
    "number": ("layers.Dense(1)", '"mse"', ['["mae"]', "[]"], 'rng.normal(size=(rows, 1)).astype("float32")'),
    "numbers": ("layers.Dense(2)", '"huber"', ['["mae"]', "[]"], 'rng.normal(size=(rows, 2)).astype("float32")'),
}

CALLBACKS = [
    'keras.callbacks.EarlyStopping("loss", patience=1, restore_best_weights=True)',
    'keras.callbacks.ReduceLROnPlateau("loss", patience=0)',
    "keras.callbacks.TerminateOnNaN()",
    "keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: model.set_weights(model.get_weights()))",
]
