"""Is the step that is gone through the very step that is taken, and is nothing moved where it is not taken?"""

import keras
import numpy as np
import pytest
from keras import layers, optimizers

import nnvis_widget as nv
from nnvis_widget.core.command import SetHyperparameter
from nnvis_widget.stream.step_cards import cards_message

from ..limits import PATIENCE_S
from .models import assert_same_state, plane, rich_data, rich_net, state
from .page import Page, until

SCHEDULE = optimizers.schedules.ExponentialDecay(0.05, 2, 0.5)
OPTIMIZERS = [
    optimizers.SGD(SCHEDULE),
    optimizers.SGD(0.05, momentum=0.9, nesterov=True, weight_decay=0.01),
    optimizers.RMSprop(0.01, centered=True, momentum=0.5),
    optimizers.Adagrad(0.05),
    optimizers.Adadelta(1.0),
    optimizers.Adam(0.01, amsgrad=True, clipnorm=0.1),
    optimizers.AdamW(0.01, global_clipnorm=0.5),
    optimizers.Adam(0.01, gradient_accumulation_steps=2),
    optimizers.Nadam(0.01, clipvalue=0.01),
    optimizers.Adamax(0.01),
    optimizers.Lion(0.01, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=3),
]


def eager_net(optimizer="sgd", **compiling):
    """Dropout and batch normalisation, step by step: nothing is compiled, which would take the time."""
    keras.utils.set_random_seed(4)
    model = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(5, "tanh", kernel_regularizer="l2", name="hidden"),
            layers.BatchNormalization(name="norm"),
            layers.Dropout(0.4, name="drop"),
            layers.Dense(3, "softmax", name="end"),
        ]
    )
    options = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"], "run_eagerly": True} | compiling
    model.compile(optimizer, **options)
    return model


def twin_of(optimizer):
    return type(optimizer).from_config(optimizer.get_config())


def whole(model):
    """Every variable, those of the metrics too."""
    return [*state(model), *(np.array(one) for one in model.metrics_variables)]


def trained(trainer, steps):
    trainer.run_steps(steps)
    assert trainer.wait(PATIENCE_S) == "paused"


def on_batch(model, steps, data=None):
    """Keras' own step on the very same batch."""
    x, y = data or rich_data()
    model.train_on_batch(x[list(steps.batch)], y[list(steps.batch)])


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda one: one.name)
def test_the_step_that_is_taken_is_that_of_train_on_batch_and_one_that_is_left_is_none(optimizer):
    model, twin = eager_net(twin_of(optimizer)), eager_net(twin_of(optimizer))
    trainer = nv.Trainer(model, rich_data(), batch_size=16)
    for taken in range(2):
        before = whole(model)
        with trainer.step_through(sample=3) as steps:
            for phase in (*steps.phases, "forward"):
                steps.show(phase)
                steps.cards("hidden", 1)
            batch = steps.batch
        assert_same_state(whole(model), before)
        assert not steps.is_open
        steps = trainer.step_through(sample=3)
        assert steps.batch == batch  # not used up
        told = [steps.arithmetic("hidden", unit) for unit in (0, 4)]
        foretold = [steps.loss, steps.loss_after]
        steps.take()
        on_batch(twin, steps)
        of_batch = whole if taken == 0 else state  # metrics go on over the epoch, as in `fit`
        assert_same_state(of_batch(model), of_batch(twin))
        assert [steps.loss, steps.loss_after] == pytest.approx(foretold, rel=1e-5)
        for one in told:
            after = steps.arithmetic("hidden", one.unit)
            assert after.checked.is_right
            assert after.update.cards["kernel"].checks[0].against == "the step that was taken"
            np.testing.assert_array_equal(after.update.before["kernel"], one.update.before["kernel"])
            np.testing.assert_array_equal(after.update.after["kernel"], model.layers[0].kernel[:, one.unit])
    assert (trainer.state, trainer.step) == ("paused", 2)
    trained(trainer, 2)
    for indices in (trainer_order()[32:48], trainer_order()[48:]):
        twin.train_on_batch(rich_data()[0][indices], rich_data()[1][indices])
    assert_same_state(state(model), state(twin))


def trainer_order():
    order = np.arange(50)
    np.random.default_rng([0, 0]).shuffle(order)
    return order


def test_what_is_told_of_layers_that_draw_and_average_is_what_the_step_does():
    model = eager_net("adam")
    trainer = nv.Trainer(model, rich_data(), batch_size=16)
    steps = trainer.step_through(sample=2)
    norm, kept = steps.arithmetic("norm", 1).cards["forward"], []
    for unit in range(5):
        card = steps.arithmetic("drop", unit).cards["forward"]
        kept.append(bool(card.number("kept")) if any(one.name == "kept" for one in card.formulas) else None)
    seen, plain = [], model.get_layer("drop").call
    model.get_layer("drop").call = lambda x, training=False: seen.append((x, y := plain(x, training=training))) or y
    steps.take()
    came, went = (np.array(one)[steps.sample] for one in seen[0])
    assert [None if one is None else bool(went[at]) for at, one in enumerate(kept)] == kept
    assert {True, False} <= set(kept)
    assert came.any()
    for name in ("mean", "variance"):
        after = getattr(model.get_layer("norm"), f"moving_{name}")[1]
        np.testing.assert_allclose(norm.number(f"moving_{name}_after"), after, rtol=1e-5, atol=1e-7)


def test_a_compiled_training_is_paused_and_steps_as_train_on_batch_does():
    model, twin = rich_net(), rich_net()
    trainer = nv.Trainer(model, rich_data(), batch_size=16)
    trainer.start()
    until(lambda: trainer.step > 3)
    steps = trainer.step_through()
    assert trainer.state == "paused"
    twin.optimizer.build(twin.trainable_variables)
    for one, other in zip(twin.variables, model.variables, strict=True):
        one.assign(other)
    for one, other in zip(twin.optimizer.variables, model.optimizer.variables, strict=True):
        one.assign(other)
    on_batch(twin, steps)
    steps.take()
    assert_same_state(state(model), state(twin))
    trained(trainer, 4)  # the compiled block goes on


class Squares(keras.utils.PyDataset):
    def __len__(self):
        return 3

    def __getitem__(self, index):
        x, y = rich_data()
        return x[16 * index : 16 * index + 16], y[16 * index : 16 * index + 16]


def batches():
    return (Squares()[index % 3] for index in range(7))


def pipeline():
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices(rich_data()).shuffle(50, seed=1).batch(16)


STREAMS = {"a generator": batches, "a PyDataset": Squares, "tf.data": pipeline}


@pytest.mark.parametrize("make", STREAMS.values(), ids=STREAMS)
def test_of_a_stream_no_batch_is_lost_or_seen_twice(make):
    model, twin = eager_net("adam"), eager_net("adam")
    other = {"class_weight": {0: 2.0}}
    trainer = nv.Trainer(model, make(), **other, samples=rich_data(), epochs=2 if make is not batches else None)
    never = nv.Trainer(twin, make(), **other, samples=rich_data())
    for taken in range(5):
        trainer.step_through().cancel()
        steps = trainer.step_through()
        if taken == 0:
            assert len(steps.batch) == 16
        steps.cancel() if taken == 2 else steps.take()
        if taken == 2:
            trained(trainer, 1)
        trained(never, 1)
        assert_same_state(state(model), state(twin))


def test_a_stream_that_is_over_or_makes_its_batches_anew_is_refused_in_words():
    class Anew(Squares):
        def on_epoch_end(self):
            self.order = np.random.permutation(3)

    trainer = nv.Trainer(eager_net(), batches(), samples=rich_data(), epochs=1)
    for _ in range(7):
        trainer.step_through().take()
    with pytest.raises(nv.errors.DataError, match="end of the stream"):
        trainer.step_through()
    trainer = nv.Trainer(eager_net(), Anew(), samples=rich_data())
    with pytest.raises(nv.errors.DataError, match=r"trainer\.run_steps"):
        trainer.step_through()
    trained(trainer, 1)
    trainer.step_through().take()
    assert trainer.step == 2


def test_what_cannot_be_gone_through_is_refused_in_words_and_moves_nothing():
    model = eager_net()
    trainer = nv.Trainer(model, rich_data(), batch_size=16)
    before = whole(model)
    for sample in (16, -1, True, 1.5):
        with pytest.raises((nv.errors.DataError, nv.errors.CommandError), match="sample"):
            trainer.step_through(sample)
    steps = trainer.step_through(15)
    with pytest.raises(nv.errors.ModelError, match="Did you mean 'hidden'"):
        steps.arithmetic("hiden")
    with pytest.raises(nv.errors.ModelError, match="unit from 0 to 4"):
        steps.arithmetic("hidden", 5)
    with pytest.raises(nv.errors.CommandError, match="one of init, forward"):
        steps.show("sideways")
    assert_same_state(whole(model), before)
    with pytest.raises(nv.errors.DataError, match="0 to 15"):
        trainer.step_through(16)
    assert (steps.is_open, steps.sample) == (True, 15)
    steps.cancel()
    steps.cancel()
    for act in (steps.take, steps.next):
        with pytest.raises(nv.errors.CommandError, match="was left"):
            act()
    unbuilt = keras.Sequential([layers.Dense(1)])
    unbuilt.compile("sgd", "mse")
    with pytest.raises(nv.errors.ModelError, match=r"trainer\.run_steps"):
        nv.Trainer(unbuilt, iter([plane()])).step_through()


def test_a_model_that_was_changed_meanwhile_is_not_stepped_and_stays_as_it_was_set():
    model = eager_net()
    trainer = nv.Trainer(model, rich_data(), batch_size=16)
    for change in (
        lambda: model.layers[0].kernel.assign(model.layers[0].kernel + 1),
        lambda: model.optimizer.learning_rate.assign(0.5),
        lambda: setattr(model.layers[0], "trainable", False),
    ):
        steps = trainer.step_through()
        change()
        then = whole(model)
        with pytest.raises(nv.errors.CommandError, match="changed from elsewhere"):
            steps.take()
        assert_same_state(whole(model), then)
        assert (steps.is_open, trainer.step) == (False, 0)
    steps = trainer.step_through()
    model.layers[0].bias.assign(model.layers[0].bias + 1)
    trainer.look()
    assert not steps.is_open
    assert "changed from elsewhere" in trainer.status.problem.title


class Fails(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        raise ValueError("no room on the disk")


def test_a_step_that_fails_leaves_everything_as_it_was():
    model = eager_net("adam")
    fails = Fails()
    trainer = nv.Trainer(model, rich_data(), batch_size=16, callbacks=[fails])
    before = state(model)
    steps = trainer.step_through()
    batch = steps.batch
    with pytest.raises(nv.errors.TrainerStateError, match="no room on the disk"):
        steps.take()
    assert_same_state(state(model), before)
    assert not any(np.any(one) for one in model.metrics_variables)
    assert (trainer.state, trainer.step, steps.is_open) == ("failed", 0, False)
    del Fails.on_train_batch_end
    trainer.resume()
    trainer.pause()
    trainer.reset()
    steps = trainer.step_through()
    assert steps.batch == batch


class OwnStep(keras.Sequential):
    def train_step(self, data):
        return {"loss": keras.ops.mean(data[0])}


def test_a_step_of_ones_own_is_taken_but_not_told():
    model = OwnStep([keras.Input((2,)), layers.Dense(1, name="end")])
    model.compile("sgd", "mse", run_eagerly=True)
    trainer = nv.Trainer(model, plane(), batch_size=16)
    steps = trainer.step_through()
    assert "train_step of its own" in steps.lacks_update
    assert steps.arithmetic("end").delta is not None
    assert steps.loss_after is None
    steps.show("update")
    assert steps.cards("end") == ()
    steps.take()
    assert (trainer.step, steps.is_taken) == (1, True)


def test_another_rate_or_batch_size_goes_through_it_again_and_training_leaves_it():
    model = eager_net("sgd")
    trainer = nv.Trainer(model, rich_data(), batch_size=16)
    steps = trainer.step_through(15)
    steps.show("update")
    moved = [np.abs(one.after["kernel"] - one.before["kernel"]).max() for one in [steps.arithmetic("hidden").update]]
    trainer.learning_rate = 0.1
    assert not steps.is_open
    again = trainer.steps
    update = again.arithmetic("hidden").update
    assert (again.phase, again.sample) == ("update", 15)
    assert np.abs(update.after["kernel"] - update.before["kernel"]).max() == pytest.approx(10 * moved[0], rel=1e-3)
    trainer.batch_size = 4
    assert (len(trainer.steps.batch), trainer.steps.sample) == (4, 3)
    before = whole(model)
    trainer.post(SetHyperparameter("learning_rate", 0.1))
    trained(trainer, 1)
    assert trainer.steps is None
    assert not np.array_equal(before[0], whole(model)[0])
    trainer.step_through()
    trainer.reset()
    assert trainer.steps is None


def test_numbers_that_are_none_are_told_as_such():
    model = eager_net("adam")
    model.layers[0].kernel.assign(np.full((2, 5), np.nan))
    steps = nv.Trainer(model, rich_data(), batch_size=16).step_through()
    told = steps.arithmetic("hidden", 1)
    assert np.isnan(told.output)
    assert told.sum.first_bad.name == "input unit 0"
    assert np.isnan(steps.loss)
    steps.take()


def test_a_page_opens_shows_takes_and_leaves_it_by_commands():
    model = eager_net()
    trainer = nv.Trainer(model, rich_data(), batch_size=16)
    page = Page(trainer)
    assert "open_steps" in trainer.status.commands
    assert not page.ask("take_step")["ok"]
    assert page.ask("open_steps", sample=2)["ok"]
    until(lambda: trainer.status.steps is not None)
    assert page.ask("show_phase", phase="backward")["ok"]
    until(lambda: trainer.status.steps.phase == "backward")
    assert not page.ask("show_phase", phase="sideways")["ok"]
    assert page.ask("take_step")["ok"]
    until(lambda: trainer.status.steps.is_taken and trainer.state == "paused")
    assert (trainer.step, trainer.status.steps.phase) == (1, "update")
    assert page.ask("cancel_steps")["ok"]
    until(lambda: trainer.status.steps is None)
    assert "take_step" not in trainer.status.commands


def test_a_page_that_asks_for_a_sample_that_there_is_not_is_told_so():
    trainer = nv.Trainer(eager_net(), rich_data(), batch_size=16)
    page = Page(trainer)

    def refused():
        page.ask("open_steps", sample=99)
        until(lambda: trainer.status.problem is not None)

    with pytest.warns(RuntimeWarning, match="open_steps"):
        refused()
    assert "0 to 15" in trainer.status.problem.title


def test_the_loss_phase_of_several_outputs_has_a_card_for_each_and_their_sum():
    given = keras.Input((4,))
    hidden = layers.Dense(3, "tanh", name="hidden")(given)
    model = keras.Model(given, [layers.Dense(2, name="age")(hidden), layers.Dense(1, name="height")(hidden)])
    model.compile("sgd", ["mse", "mae"], loss_weights=[0.5, 2.0])
    x, y = np.ones((8, 4), "float32"), [np.zeros((8, 2), "float32"), np.zeros((8, 1), "float32")]
    with nv.Trainer(model, (x, y), batch_size=4).step_through() as steps:
        steps.show("loss")
        cards = steps.cards("hidden")
        assert [card.title for card in cards] == ["Loss of age", "Loss of height", "Loss of the batch"]
        assert cards[-1].number("loss") == pytest.approx(steps.loss, rel=1e-6)
        page = cards_message(steps.arithmetic("hidden"), "tanh", ("1.0", "0.9"))
        told = [card for card in page if card["phase"] == "loss"][-1]
        assert [(row[0], float(row[1])) for row in told["rows"]] == [("age", 0.5), ("height", 2.0)]
        steps.take()
