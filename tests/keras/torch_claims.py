"""What is asked of torch alone, by `backend_script.py`: its modules, its loaders, its tensors, its generator."""

import json
from threading import Event, Thread

import keras
import numpy as np
import torch
from keras import layers

from nnvis_widget import LiveCallback, Trainer, arithmetic
from nnvis_widget.keras_adapter.read_graph import read_graph
from nnvis_widget.stream.frame import decode_frame
from tests.keras.models import assert_same_state, rich_data, rich_net, state
from tests.keras.no_trace import Asking, assert_same, made, watched
from tests.keras.page import Page, until

X = np.random.default_rng(7).normal(size=(24, 4)).astype(np.float32)
Y = np.arange(24) % 2


class Inner(torch.nn.Module):
    """Draws, counts in a buffer and in an attribute, whatever the mode."""

    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(3, 3)
        self.register_buffer("seen", torch.zeros(()))
        self.count, self.own = 0, torch.Generator().manual_seed(4)

    def forward(self, x):
        self.seen += 1
        self.count += 1
        noise = torch.rand_like(x) + torch.rand(x.shape, generator=self.own)
        return self.linear(x) * (1 + self.seen / 64 + self.count / 64) + noise / 8


class ByMode(layers.Layer):
    """Asks torch, not Keras, whether it trains; counts in a tensor."""

    def __init__(self):
        super().__init__()
        self.total = torch.zeros(())

    def call(self, x):
        self.total += 1
        return x * 2 if self.training else x + self.total / 64


class WithModules(keras.Model):
    def __init__(self):
        super().__init__()
        self.first, self.by_mode, self.inner = layers.Dense(3), ByMode(), Inner()
        self.norm, self.drop = torch.nn.BatchNorm1d(3), torch.nn.Dropout(0.3)
        self.last = layers.Dense(2, "softmax")

    def call(self, x, training=None):
        return self.last(self.drop(self.norm(self.inner(self.by_mode(self.first(x))))))

    def train_step(self, data):
        assert all(isinstance(part, torch.Tensor) for part in data)
        return super().train_step(data)


def with_modules():
    model = WithModules()
    model(torch.ones(2, 4))
    return model


def left_by(model, history):
    """All that a training leaves on torch."""
    buffers = [np.array(buffer) for buffer in model.inner.module.buffers()] + [np.array(model.by_mode.total)]
    buffers += [np.array(buffer) for buffer in model.norm.module.buffers()]
    generators = [torch.get_rng_state(), model.inner.module.own.get_state()]
    modes = [module.training for module in model.modules()]
    return [*state(model), *buffers, *map(np.array, generators)], history, modes, model.inner.module.count


def after_fit(is_watched):
    model = made(with_modules)
    page = watched(model, (X, Y)) if is_watched else None

    def look(*_, **__):
        page.source.obey()
        page.source.observe({})

    callbacks = (
        [LiveCallback(page), Asking(page), keras.callbacks.LambdaCallback(on_train_batch_end=look)] if page else []
    )
    history = model.fit(X, Y, batch_size=8, epochs=2, verbose=0, callbacks=callbacks).history
    return left_at_rest(page, model, history)


def after_trainer(is_watched):
    model, asking = made(with_modules), Asking()
    trainer = Trainer(model, (X, Y), batch_size=8, epochs=2, callbacks=[asking] if is_watched else [])
    page = asking.page = watched(trainer) if is_watched else None
    trainer.start()
    assert trainer.wait() == "finished", trainer.status.problem
    return left_at_rest(page, model, trainer.history)


def left_at_rest(page, model, history):
    if page is not None:
        page.look()
        assert page.source.status.problem is None, page.source.status.problem
        page.close()
    return left_by(model, history)


def leaves_no_trace_in_modules():
    for trained in (after_fit, after_trainer):
        assert_same(trained(True), trained(False))


def shows_modules_as_predict_has_them():
    keras.utils.set_random_seed(3)
    wrapped = layers.TorchModuleWrapper(torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3)))
    model = keras.Sequential([keras.Input((4,)), wrapped, layers.Dense(2, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(X, Y, epochs=1, verbose=0)
    page = Page(model, data=(X, Y), sample=5)
    page.look()
    frame = decode_frame(page.get_state("frame")["frame"])
    for layer, right in (("L1", wrapped(X, training=False)[5]), ("L2", model.predict(X, verbose=0)[5])):
        right = keras.ops.convert_to_numpy(right)
        np.testing.assert_allclose(np.ravel(frame.find("activation", layer).values), right, rtol=1e-4, atol=1e-6)
    page.close()
    assert sum(layer.parameter_count for layer in read_graph(model).folded().layers) == model.count_params()


def resets_modules():
    model = made(with_modules)
    trainer = Trainer(model, (X, Y), batch_size=8, epochs=2)

    def kept():
        buffers = [*model.inner.module.buffers(), *model.norm.module.buffers()]
        return [*state(model), *map(np.array, buffers), torch.get_rng_state().numpy()]

    before = kept()
    trainer.start()
    assert trainer.wait() == "finished", trainer.status.problem
    after = kept()
    trainer.reset()
    assert_same_state(kept(), before)
    assert any((mine != theirs).any() for mine, theirs in zip(after, before, strict=True))


def takes_loaders_and_tensors():
    x, y = rich_data()

    def loader(**options):
        samples = torch.utils.data.TensorDataset(torch.tensor(x), torch.tensor(y))
        return torch.utils.data.DataLoader(samples, batch_size=16, **options)

    fitted, trained = rich_net(), rich_net()
    fitted.fit(loader(), epochs=2, verbose=0)
    trainer = Trainer(trained, loader(), epochs=2)
    trainer.start()
    assert trainer.wait() == "finished", trainer.status.problem
    assert_same_state(state(trained), state(fitted))

    own = torch.Generator()
    before = own.get_state(), torch.get_rng_state()
    page = Page(fitted, data=loader(shuffle=True, generator=own))
    page.look()
    assert page.source.status.problem is None
    assert all(map(torch.equal, before, (own.get_state(), torch.get_rng_state())))
    page.close()

    for given in (torch.tensor(x, requires_grad=True), torch.tensor(x).bfloat16()):
        trainer = Trainer(rich_net(), (given, torch.tensor(y)), batch_size=16, epochs=1)
        trainer.start()
        assert trainer.wait() == "finished", trainer.status.problem


def trains_on_after_somebody_predicts():
    """`predict` sets torch's own mode; a training that is paused meanwhile goes on in its own."""

    def trained(is_asked):
        model = made(with_modules)
        trainer = Trainer(model, (X, Y), batch_size=8, epochs=2)
        trainer.run_steps(1)
        assert trainer.wait() == "paused"
        if is_asked:
            model.eval()
        trainer.start()
        assert trainer.wait() == "finished", trainer.status.problem
        return left_by(model, None)

    assert_same(trained(True), trained(False))


def trains_all_layers_of_a_sequential_that_keras_leaves_half_built():
    """A module of torch that does not tell what it puts out; Keras builds the layers behind it in the first step."""

    def half_built():
        wrapped = layers.TorchModuleWrapper(torch.nn.BatchNorm1d(3))
        return keras.Sequential([keras.Input((4,)), layers.Dense(3, "tanh"), wrapped, layers.Dense(2, "softmax")])

    fitted = made(half_built)
    assert not all(layer.built for layer in fitted.layers)
    fitted.fit(X, Y, batch_size=8, epochs=2, shuffle=False, verbose=0)
    trainer = Trainer(made(half_built), (X, Y), batch_size=8, epochs=2, shuffle=False)
    page = Page(trainer)
    trainer.start()
    assert trainer.wait() == "finished", trainer.status.problem
    assert trainer.status.problem is None
    page.close()
    assert_same_state(state(trainer.model), state(fitted))


def lets_others_draw_beside_a_look():
    """Keras draws the masks of recurrent layers also where nothing is dropped, and from torch's one generator."""
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((6, 4)), layers.GRU(5, dropout=0.4, recurrent_dropout=0.4), layers.Dense(2)])
    page = Page(model, data=np.ones((8, 6, 4), np.float32))
    torch.manual_seed(11)
    alone = [float(torch.rand(())) for _ in range(20_000)]
    is_over, looks = Event(), []

    def look():
        while not is_over.is_set():
            page.look()
            looks.append(page)

    thread = Thread(target=look)
    torch.manual_seed(11)
    thread.start()
    beside = [float(torch.rand(())) for _ in range(20_000)]
    is_over.set()
    thread.join()
    page.close()
    assert beside == alone
    assert looks


def finds_slopes_as_autograd_does():
    """Behind a table that is frozen, too; a penalty is a part of the gradient, and no `grad` is left at a weight."""
    keras.utils.set_random_seed(2)
    model = keras.Sequential(
        [
            keras.Input((5,), dtype="int32"),
            layers.Embedding(6, 3, name="table", trainable=False),
            layers.Dense(4, "tanh", kernel_regularizer="l2", name="hidden"),
            layers.Dropout(0.3),
            layers.GlobalAveragePooling1D(),
            layers.Dense(3, "softmax", name="end"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    x, y = np.arange(200).reshape(40, 5) * 7 % 6, np.arange(40) % 3
    table, kernel, bias, last, end = (torch.tensor(one, requires_grad=True) for one in model.get_weights())
    came = table[torch.tensor(x[:32])]
    z = came @ kernel + bias
    found = arithmetic(model, "hidden", unit=1, sample=5, position=2, data=(x, y), training=False)
    out = torch.softmax(torch.tanh(z).mean(1) @ last + end, 1)
    loss = -torch.log(out[torch.arange(32), torch.tensor(y[:32])]).mean() + 0.01 * kernel.square().sum()
    by_z, by_kernel, by_came = torch.autograd.grad(loss, [z, kernel, came])
    close = {"rtol": 1e-5, "atol": 1e-8}
    np.testing.assert_allclose(found.delta, 32 * by_z[5, 2, 1], **close)
    np.testing.assert_allclose(found.gradient.batch["kernel"], by_kernel[:, 1], **close)
    of_table = arithmetic(model, "table", unit=0, sample=5, position=2, data=(x, y), training=False)
    np.testing.assert_allclose(of_table.delta, 32 * by_came[5, 2, 0], **close)
    before = torch.get_rng_state()
    for layer in ("table", "hidden", "end"):
        told = arithmetic(model, layer, unit=1, sample=5, data=(x, y))
        assert told.is_training
        assert told.checked.is_right, told.checked.checks
    assert torch.equal(torch.get_rng_state(), before)
    assert all(variable.value.grad is None for variable in model.variables)


def foretells_a_step_whose_masks_come_from_the_one_generator():
    model = keras.Sequential([keras.Input((2,)), layers.Dense(8, "relu"), layers.Dropout(0.4), layers.Dense(3)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    trainer = Trainer(model, rich_data(), batch_size=16)
    steps = trainer.step_through(sample=2)
    told = steps.arithmetic(model.layers[0], 1).update.after["kernel"]
    foretold = steps.loss_after
    steps.take()
    np.testing.assert_allclose(told, model.get_weights()[0][:, 1], rtol=1e-5, atol=1e-7)
    assert abs(steps.loss_after - foretold) < 1e-5


def tells_the_learning_beside_modules_without_a_trace():
    model = made(with_modules)
    model.optimizer.build(model.trainable_variables)
    before = left_by(model, None)
    view = Page(model, data=(X, Y))
    first = next(layer["id"] for layer in view.graph["layers"] if layer["name"] == model.first.name)
    view.selection, view.sample, view.learning = {"layer": first, "unit": 1}, 3, "open"
    until(lambda: any(frame.find("learning", first) is not None for frame in view.frames))
    told = next(frame.find("learning", first) for frame in view.frames if frame.find("learning", first) is not None)
    told = json.loads(bytes(told.values))
    view.close()
    assert (told["delta"] != "", told["failed"]) == (True, [])
    assert all(move["own"] != "" for move in told["moves"])
    trainer = Trainer(model, (X, Y), batch_size=8)
    steps = trainer.step_through(sample=3)
    assert steps.arithmetic(model.first, 1).checked.is_right
    assert steps.loss_after is None  # modules of torch cannot be asked what they would say with other weights
    steps.cancel()
    assert_same(left_by(model, None), before)


CLAIMS = (
    finds_slopes_as_autograd_does,
    foretells_a_step_whose_masks_come_from_the_one_generator,
    tells_the_learning_beside_modules_without_a_trace,
    lets_others_draw_beside_a_look,
    leaves_no_trace_in_modules,
    shows_modules_as_predict_has_them,
    resets_modules,
    takes_loaders_and_tensors,
    trains_on_after_somebody_predicts,
    trains_all_layers_of_a_sequential_that_keras_leaves_half_built,
)
