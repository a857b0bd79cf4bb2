"""Run by test_backends.py in a process of its own, with KERAS_BACKEND set."""

import gc
import sys
import warnings
from importlib.util import find_spec

import keras
import numpy as np

from nnvis_widget import LiveCallback, Trainer, arithmetic
from nnvis_widget.core.command import SetHyperparameter
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.keras_adapter.read_graph import read_graph
from tests.differential.claims import faults
from tests.differential.programs import program
from tests.keras import test_look
from tests.keras.models import assert_same_state, plane, plane_net, rich_data, rich_net, state, train_on_batches
from tests.keras.no_trace import (
    BUILDERS,
    BY_FIT_EVERYWHERE,
    BY_TRAINER_EVERYWHERE,
    NOT_ON_TORCH,
    after_fit,
    after_trainer,
    assert_same,
    left_by,
    made,
)
from tests.keras.page import Page, until
from tests.keras.test_attention import CASES, assert_padding_is_in_the_scores, data_of, model_of
from tests.keras.test_contributions import assert_contributions
from tests.keras.test_input_shares import assert_shares_are_told
from tests.keras.test_lanes import assert_lanes_are_projected
from tests.keras.test_orders_of_maps import STRIPS, assert_strips_are_told, assert_twins_are_drawn_alike
from tests.keras.test_own_views import assert_told_is_drawn
from tests.keras.test_structure import assert_all_is_there
from tests.zoo import ZOO

assert keras.config.backend() == sys.argv[1]

reference = train_on_batches(rich_net(), rich_data(), epochs=2)
model = rich_net()
trainer = Trainer(model, rich_data(), batch_size=16, epochs=2, validation_data=rich_data(20, seed=1))
page = Page(trainer)
before = state(model)
trainer.start()
assert trainer.wait(120) == "finished", trainer.status.problem
assert_same_state(state(model), reference)
print("trains bit-equal", flush=True)

np.testing.assert_allclose(trainer.history["val_loss"][-1], model.evaluate(*rich_data(20, seed=1), verbose=0)[0], 1e-5)
until(lambda: page.frames and page.frames[-1].header["state"] == "finished")
trainer.reset()
assert_same_state(state(model), before)
trainer.start()
assert trainer.wait(120) == "finished"
assert_same_state(state(model), reference)
print("resets bit-equal", flush=True)

if find_spec("tensorflow"):
    import tensorflow

    x, y = np.arange(24, dtype="uint8").reshape(12, 2), np.arange(12, dtype="int32") % 3
    batches = tensorflow.data.Dataset.from_tensor_slices((x, y)).batch(5)
    piped, fitted = rich_net(), rich_net()
    fitted.fit(batches, epochs=2, verbose=0)
    stream = Trainer(piped, batches, epochs=2)
    stream.start()
    assert stream.wait(120) == "finished", stream.status.problem
    assert_same_state(state(piped), state(fitted))
print("takes the pipeline of TensorFlow", flush=True)

trainer.reset()
trainer.start()
trainer.pause()
assert trainer.state in ("paused", "finished")
trainer.reset()
trainer.learning_rate = 1e-30
frozen = keras.ops.convert_to_numpy(model.trainable_variables[0])
trainer.run_steps(3)
assert trainer.wait(120) == "paused"
assert trainer.step == 3
np.testing.assert_array_equal(frozen, keras.ops.convert_to_numpy(model.trainable_variables[0]))
assert trainer.run.latest.hyperparameters["learning_rate"] < 2e-30
page.close()
print("pauses, steps and obeys", flush=True)

test_look.test_a_look_has_the_numbers_of_the_model()
test_look.test_slopes_are_those_of_finite_differences_and_updates_those_of_a_step()
print("takes looks for the doctor", flush=True)

twin = rich_net()
twin.fit(*rich_data(), batch_size=16, epochs=2, verbose=0, validation_data=rich_data(20, seed=1))
model = rich_net()
page = Page(model, data=rich_data())
history = model.fit(
    *rich_data(),
    batch_size=16,
    epochs=2,
    verbose=0,
    callbacks=[LiveCallback(page)],
    validation_data=rich_data(20, seed=1),
)
assert_same_state(state(model), state(twin))
assert page.source.run.scalars("loss")[0].tolist() == list(range(1, 9))
np.testing.assert_allclose(page.source.run.scalars("val_loss")[1], history.history["val_loss"])


class Steer(keras.callbacks.Callback):
    def on_train_batch_begin(self, batch, logs=None):
        if batch == 5:
            page.source.post(SetHyperparameter("learning_rate", 0.125))


x, y = plane(2000)
model.fit(x, y.astype("int32"), batch_size=2, epochs=1, verbose=0, callbacks=[LiveCallback(page), Steer()])
assert float(keras.ops.convert_to_numpy(model.optimizer.learning_rate)) == 0.125
assert page.source.run.latest.hyperparameters["learning_rate"] == 0.125
page.close()
print("watches a fit", flush=True)

for builders, trained in ((BY_FIT_EVERYWHERE, after_fit), (BY_TRAINER_EVERYWHERE, after_trainer)):
    for name, build in builders.items():
        if keras.config.backend() == "torch" and name in NOT_ON_TORCH:
            continue
        assert_same(trained(build, is_watched=True), trained(build, is_watched=False), name)
print("leaves no trace", flush=True)

model = plane_net()
page = Page(model, data=plane())
model.set_weights([weight * 0 + 0.5 for weight in model.get_weights()])
until(lambda: page.frames and (page.frames[-1].find("weight", "L1", "kernel").values == 0.5).all())
generation = page.graph["generation"]
model.layers[0].trainable = False
until(lambda: page.graph["generation"] > generation)
page.close()
print("shows what changed at rest", flush=True)

structure = read_graph(ZOO["own blocks"]())
graph = structure.folded({group.path for group in structure.groups})
assert structure.note is None
assert {(graph.layer(link.source).path, graph.layer(link.target).path) for link in graph.links} == {
    ("input", "first/dense"),
    ("first/dense", "first/dense[1]"),
    ("input", "first/add"),
    ("first/dense[1]", "first/add"),
    ("first/add", "second/dense"),
    ("second/dense", "second/dense[1]"),
    ("first/add", "second/add"),
    ("second/dense[1]", "second/add"),
    ("second/add", "dense"),
}
left = []
for is_read in (True, False):
    model = made(BUILDERS["a subclassed model"])
    if is_read:
        assert read_graph(model, np.ones((1, 4), "float32")).note is None
    left.append(left_by(model, None))
assert_same(*left)
print("reads own code", flush=True)

drawn = keras.Sequential(
    [
        keras.Input((5, 4)),
        keras.layers.Conv1D(4, 2, padding="same", activation="relu", name="conv"),
        keras.layers.BatchNormalization(name="norm"),
        keras.layers.GRU(3, name="steps"),
        keras.layers.Dropout(0.4, seed=1),
        keras.layers.Dense(6, "tanh", name="hidden", kernel_regularizer="l2"),
        keras.layers.Dense(3, "softmax", name="out"),
    ]
)
drawn.compile("adam", "sparse_categorical_crossentropy")
x, y = np.random.default_rng(3).normal(size=(40, 5, 4)).astype("float32"), np.arange(40) % 3
drawn.train_on_batch(x[:32], y[:32])  # of the size of the second one, so that it is compiled once
before = state(drawn)
for layer in ("conv", "norm", "steps", "hidden", "out"):
    told = arithmetic(drawn, layer, unit=1, sample=5, data=(x, y))
    assert told.checked.is_right, (layer, told.checked.checks)
    assert told.update is not None
assert_same_state(state(drawn), before)
after = told.update.after["kernel"]
drawn.train_on_batch(x[:32], y[:32])
np.testing.assert_allclose(after, keras.ops.convert_to_numpy(drawn.layers[-1].kernel)[:, 1], rtol=1e-5, atol=1e-6)
print("tells the arithmetic of a unit", flush=True)

stepped, never = rich_net(), rich_net()
trainer = Trainer(stepped, rich_data(), batch_size=16)
before = state(stepped)
with trainer.step_through(sample=2) as steps:
    assert steps.loss_after is not None, steps.lacks_update
    assert steps.arithmetic(stepped.layers[0], 1).checked.is_right
assert_same_state(state(stepped), before)
for _ in range(2):
    steps = trainer.step_through(sample=2)
    steps.take()
    x, y = rich_data()
    never.train_on_batch(x[list(steps.batch)], y[list(steps.batch)])
    assert_same_state(state(stepped), state(never))
    assert steps.arithmetic(stepped.layers[0], 1).checked.is_right
print("steps through", flush=True)

assert_twins_are_drawn_alike()
for kind in ("separable", "transposed, same, first"):
    assert_strips_are_told(*STRIPS[kind])
print("draws maps of both orders, and strips", flush=True)
assert_contributions("softmax", ("first", "second"))
print("tells what maps give to the shown output", flush=True)

assert_padding_is_in_the_scores(CASES["heads"][0]())
for kind in ("grouped heads", "one head"):
    looking, pairs = CASES[kind][0](), data_of()
    assert_lanes_are_projected(looking, pairs, model_of(looking))
print("tells who looks at whom", flush=True)

for build in list(ZOO.values())[::4]:  # a release reads every model of Keras on each backend
    assert_all_is_there(build())
print("reads every layer and every weight", flush=True)
assert_told_is_drawn()
print("draws what is told of layers of a person's own", flush=True)
assert_shares_are_told()
print("tells the share of each input", flush=True)

trainer = Trainer(plane_net(hidden=()), plane(), batch_size=16, epochs=20)
page = Page(trainer)
trainer.run_steps(5)
assert trainer.wait(120) == "paused"
kept = trainer.step, trainer.model.get_weights()
trainer.run_steps(5)
assert trainer.wait(120) == "paused"
x, y = plane()
for step, (kernel, bias) in ((trainer.step, trainer.model.get_weights()), kept):
    page.step, page.edges = step, "gradient"
    key = TensorKey("gradient", "L1", "kernel")
    until(lambda step=step, key=key: key in trainer.run.at(step).tensors)
    slope = 1 / (1 + np.exp(-(x @ kernel + bias))) - y[:, None]  # of the binary cross-entropy, by z
    np.testing.assert_allclose(trainer.run.at(step).tensors[key], x.T @ slope / len(x), rtol=1e-3, atol=1e-6)
page.close()
print("measures gradients, of the past too", flush=True)

with warnings.catch_warnings(action="ignore"):  # of Keras, about what a random program does
    for seed in {"jax": (4,), "torch": (91204, 91205)}[keras.config.backend()]:
        found = faults(program(seed))
        assert not found, "\n".join([f"seed {seed}:", *found, program(seed).source])
print("is watched without a trace in random programs", flush=True)

if keras.config.backend() == "torch":
    from tests.keras.torch_claims import CLAIMS

    for claim in CLAIMS:
        claim()
        print(claim.__name__.replace("_", " "), flush=True)

gc.freeze()  # the end of the process need not look through all that both libraries hold
