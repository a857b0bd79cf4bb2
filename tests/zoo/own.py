"""Layers and models of a person's own."""

import keras
from keras import layers, ops


class Residual(layers.Layer):
    """A block of layers with a way around."""

    def __init__(self, units, **options):
        super().__init__(**options)
        self.first, self.second = layers.Dense(units, "relu"), layers.Dense(units)

    def call(self, x):
        return x + self.second(self.first(x))


class Scaled(layers.Layer):
    """A weight of its own beside a layer."""

    def __init__(self, **options):
        super().__init__(**options)
        self.inner = layers.Dense(3)

    def build(self, shape):
        self.scale = self.add_weight(name="scale", shape=(3,), initializer="ones")
        self.inner.build(shape)

    def call(self, x):
        return self.inner(x) * self.scale


class Plain(keras.Model):
    def __init__(self, **options):
        super().__init__(**options)
        self.one, self.two = layers.Dense(5, "relu"), layers.Dense(2)

    def call(self, x):
        return self.two(self.one(x))


class Blocks(keras.Model):
    """A list of blocks, a shared layer, a branch that is not taken, layers in a dict."""

    def __init__(self):
        super().__init__()
        self.start = layers.Dense(4)
        self.blocks = [Residual(4, name=f"block_{number}") for number in range(3)]
        self.again = layers.Dense(4, "tanh", name="again")
        self.heads = {"value": layers.Dense(1), "unused": layers.Dense(7, name="unused")}
        self.drop = layers.Dropout(0.5)

    def call(self, x, training=False):
        x = self.start(x)
        for block in self.blocks:
            x = block(x)
        for _ in range(3):
            x = self.again(x)
        if training:
            x = self.drop(x)
        return self.heads["value"](x)


class Parting(keras.Model):
    """Its way depends on the numbers."""

    def __init__(self):
        super().__init__()
        self.up, self.down, self.turn = layers.Dense(3, name="up"), layers.Dense(3, name="down"), layers.Dense(3)

    def call(self, x):
        try:
            is_up = bool(ops.convert_to_numpy(ops.sum(x)) >= 0)
        except Exception:  # while it is compiled nothing is known
            is_up = True
        return self.turn(self.up(x) if is_up else self.down(x))


class TwoInputs(keras.Model):
    def __init__(self):
        super().__init__()
        self.left, self.right, self.out = layers.Dense(3), layers.Dense(3), layers.Dense(1)

    def call(self, inputs):
        return self.out(ops.concatenate([self.left(inputs["a"]), self.right(inputs["b"])], axis=-1))


class Convolving(keras.Model):
    def __init__(self):
        super().__init__()
        self.features = keras.Sequential(
            [layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D()], name="features"
        )
        self.flat, self.out = layers.Flatten(), layers.Dense(2, "softmax")

    def call(self, x):
        return self.out(self.flat(self.features(x)))


class Variational(keras.Model):
    """Draws numbers, adds a loss, has an own training step."""

    def __init__(self):
        super().__init__()
        self.mean, self.spread, self.back = layers.Dense(2), layers.Dense(2), layers.Dense(4)
        self.seed = keras.random.SeedGenerator(1)

    def call(self, x):
        mean, spread = self.mean(x), self.spread(x)
        self.add_loss(ops.mean(ops.square(mean)))
        return self.back(mean + spread * keras.random.normal(ops.shape(mean), seed=self.seed))

    def train_step(self, data):
        return super().train_step(data)


def called(model, *shapes):
    given = [ops.zeros((2, *shape)) for shape in shapes]
    model(given[0] if len(given) == 1 else given)
    return model


def subclassed():
    return called(Plain(), (4,))


def blocks_in_a_list():
    model = Blocks()
    model.heads["unused"].build((None, 4))
    return called(model, (4,))


def a_way_that_depends_on_numbers():
    model = Parting()
    for layer in (model.up, model.down):
        layer.build((None, 4))
    return called(model, (4,))


def subclassed_with_two_inputs():
    model = TwoInputs()
    model({"a": ops.zeros((2, 3)), "b": ops.zeros((2, 2))})
    return model


def subclassed_convolutions():
    return called(Convolving(), (10, 10, 1))


def variational():
    return called(Variational(), (4,))


def own_blocks():
    row = [Residual(4, name="first"), Residual(4, name="second"), layers.Dense(1)]
    return keras.Sequential([layers.Input((4,)), *row])


def a_block_used_twice():
    block, x = Residual(4, name="block"), layers.Input((4,))
    return keras.Model(x, layers.Dense(1)(block(block(x))))


def own_weights_beside_a_layer():
    x = layers.Input((4,))
    return keras.Model(x, layers.Dense(1)(Scaled(name="scaled")(x)))


def subclassed_in_functional():
    x = layers.Input((4,))
    return keras.Model(x, layers.Dense(1)(Plain(name="plain")(x)))


def functional_in_subclassed():
    class Around(keras.Model):
        def __init__(self):
            super().__init__()
            x = layers.Input((4,))
            self.inner = keras.Model(x, layers.Dense(3)(layers.Dense(5, "relu")(x)), name="inner")
            self.out = layers.Dense(1)

        def call(self, x):
            return self.out(self.inner(x))

    return called(Around(), (4,))


def a_function_of_ones_own():
    return keras.Sequential([layers.Input((4,)), layers.Lambda(lambda x: x * 2), layers.Dense(1)])


OWN = {
    build.__name__.replace("_", " "): build
    for build in (
        subclassed,
        blocks_in_a_list,
        a_way_that_depends_on_numbers,
        subclassed_with_two_inputs,
        subclassed_convolutions,
        variational,
        own_blocks,
        a_block_used_twice,
        own_weights_beside_a_layer,
        subclassed_in_functional,
        functional_in_subclassed,
        a_function_of_ones_own,
    )
}
