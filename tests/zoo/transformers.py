"""Transformers as the field writes them, in plain Keras: a decoder like GPT, an encoder like BERT."""

import keras
from keras import layers

import nnvis_widget as nv

TOKENS, PLACES, WIDTH, HEADS, BLOCKS = 40, 8, 16, 2, 12


class Positions(layers.Layer):
    """Adds to every token what its place is."""

    def build(self, shape):
        self.table = self.add_weight(shape=shape[1:], initializer="normal", name="table")

    def call(self, x):
        return x + self.table


nv.register_role(Positions, "elementwise")


class DecoderBlock(layers.Layer):
    """Norms first, as GPT-2 has them; nobody looks ahead."""

    def __init__(self, **options):
        super().__init__(**options)
        self.norm, self.other_norm = layers.LayerNormalization(name="norm"), layers.LayerNormalization(name="norm_1")
        self.look = layers.MultiHeadAttention(HEADS, WIDTH // HEADS, name="look")
        self.wide, self.narrow = layers.Dense(2 * WIDTH, "gelu", name="wide"), layers.Dense(WIDTH, name="narrow")

    def call(self, x):
        normed = self.norm(x)
        x = x + self.look(normed, normed, use_causal_mask=True)
        return x + self.narrow(self.wide(self.other_norm(x)))


class EncoderBlock(layers.Layer):
    """Norms last, as BERT has them; what is padding is not looked at."""

    def __init__(self, **options):
        super().__init__(**options)
        self.norm, self.other_norm = layers.LayerNormalization(name="norm"), layers.LayerNormalization(name="norm_1")
        self.look = layers.MultiHeadAttention(HEADS, WIDTH // HEADS, name="look")
        self.wide, self.narrow = layers.Dense(2 * WIDTH, "gelu", name="wide"), layers.Dense(WIDTH, name="narrow")

    def call(self, x, is_word):
        x = self.norm(x + self.look(x, x, attention_mask=is_word[:, None, :]))
        return self.other_norm(x + self.narrow(self.wide(x)))


def decoder(blocks=BLOCKS):
    tokens = keras.Input((PLACES,), dtype="int32", name="tokens")
    x = Positions(name="places")(layers.Embedding(TOKENS, WIDTH, name="embedding")(tokens))
    for number in range(blocks):
        x = DecoderBlock(name=f"block_{number}")(x)
    x = layers.LayerNormalization(name="last_norm")(x)
    model = keras.Model(tokens, layers.Dense(TOKENS, name="next")(x), name="decoder")
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def encoder(blocks=BLOCKS):
    tokens = keras.Input((PLACES,), dtype="int32", name="tokens")
    parts = keras.Input((PLACES,), dtype="int32", name="parts")
    embedded = layers.Embedding(TOKENS, WIDTH, name="embedding")(tokens)
    of_parts = layers.Embedding(2, WIDTH, name="part_embedding")(parts)
    x = Positions(name="places")(layers.Add(name="sum")([embedded, of_parts]))
    x = layers.LayerNormalization(name="first_norm")(x)
    is_word = layers.Lambda(lambda one: one > 0, name="is_word")(tokens)
    for number in range(blocks):
        x = EncoderBlock(name=f"block_{number}")(x, is_word)
    pooled = layers.Dense(WIDTH, "tanh", name="pooled")(layers.Lambda(lambda one: one[:, 0], name="first")(x))
    model = keras.Model([tokens, parts], layers.Dense(2, "softmax", name="answer")(pooled), name="encoder")
    model.compile("adam", "sparse_categorical_crossentropy")
    return model
