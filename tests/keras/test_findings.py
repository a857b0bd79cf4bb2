"""Does a training say by itself what is wrong with it, while it runs, and is it left as it is?"""

from contextlib import closing

import keras
import numpy as np
import pytest
from keras import layers

from nnvis_widget import FindingsPanel, LiveCallback, NetworkView, Trainer, set_language
from nnvis_widget.errors import CommandError
from nnvis_widget.keras_adapter import checkup
from nnvis_widget.stream.frame import decode_frame
from tests.keras.models import assert_same_state, plane, plane_net, state
from tests.limits import PATIENCE_S

pytestmark = pytest.mark.usefixtures("looks_by_steps")
RNG = np.random.default_rng(0)
X = RNG.normal(size=(400, 8)).astype(np.float32)
Y = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0)


def net(optimizer="adam", bias=0.0):
    keras.utils.set_random_seed(3)
    start = keras.initializers.Constant(bias)
    hidden = layers.Dense(16, "relu", bias_initializer=start, name="hidden")
    model = keras.Sequential([layers.Input((8,)), hidden, layers.Dense(3, "softmax", name="out")])
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def trained(model, epochs=20, data=(X, Y), **options):
    trainer = Trainer(model, data, epochs=epochs, **options)
    trainer.start()
    assert trainer.wait(PATIENCE_S) == "finished", trainer.status.problem
    return trainer


def test_dead_units_are_found_and_placed_and_a_reset_forgets_them():
    trainer = trained(net(bias=-30.0))
    first = trainer.findings.faults[0]
    assert (first.rule, first.place.name, len(first.place.units)) == ("dead_relu", "hidden", 16)
    assert first.title == "Dead units in 'hidden': 16 of 16"
    assert {one.because_of for one in trainer.findings[1:]} == {"dead_relu"}
    assert trainer.status.findings is trainer.findings
    assert first.evidence[0].values[-1] == 1
    trainer.reset()
    assert list(trainer.findings) == list(trainer.status.findings) == []
    trainer.undo_reset()
    assert trainer.findings.faults[0].rule == "dead_relu"


def test_a_view_says_it_at_its_place_and_of_the_past_what_stood_then_under_any_threshold():
    trainer = trained(net(bias=-30.0))
    since = trainer.findings[0].since_step
    with closing(NetworkView(trainer)) as view, closing(FindingsPanel(view)) as panel:
        fault = f"Fault since {trainer.run.clock.text_with_step(since)}: Dead units in 'hidden': 16 of 16"
        assert fault in view.describe()
        state_of = view.get_state()
        told = decode_frame(state_of["frame"]).header["findings"][0]
        hidden = trainer.graph.by_name("hidden").id
        assert (told["badge"], told["layer"], told["units"]) == ("16/16 dead", hidden, list(range(16)))
        assert "findings" in state_of["_parts"]
        assert "Dead units" in panel.describe()

        view.step = 0
        assert "Dead units" not in view.describe() + panel.describe()
        assert panel.table().empty
        header = decode_frame(view.get_state()["frame"]).header
        assert (header["found_then"], header["findings"][0]["badge"]) == ([], "16/16 dead")
        view.step = None

        trainer.thresholds["dead_relu"] = 1.0
        assert "dead_relu" not in {one.rule for one in trainer.findings}
        assert "Dead units" not in view.describe() + panel.describe()
        del trainer.thresholds["dead_relu"]
        assert trainer.findings[0].since_step == since
        for name, value in (("dead", 0.5), ("dead_relu", -1.0), ("dead_relu", float("nan")), ("dead_relu", True)):
            with pytest.raises(CommandError, match="Expected"):
                trainer.thresholds[name] = value
        with closing(NetworkView(trainer.run)) as recorded:
            assert fault in recorded.describe()

        set_language("zh")
        try:
            assert "“hidden”中的失活神经元：16 个中的 16 个" in view.describe()
        finally:
            set_language(None)

        trainer.model.set_weights([weight + 1 for weight in trainer.model.get_weights()])
        assert "Dead units" not in view.describe()
        assert list(trainer.findings) == []


def test_a_training_as_it_should_be_has_no_fault_and_says_what_was_checked():
    trainer = trained(net(keras.optimizers.Adam(0.02)), epochs=30, validation_data=(X[:80], Y[:80]))
    assert trainer.findings.faults == ()
    assert {"plateau", "lr_too_high", "dead_relu", "val_mismatch", "unshuffled", "nan"} <= set(trainer.findings.fine)
    assert trainer.findings.rows == 256


def test_where_no_time_is_left_for_looks_the_end_is_looked_at_and_what_is_seen_once_is_not_called_fine(monkeypatch):
    monkeypatch.setattr(checkup, "SAVED_S", 0.0)
    monkeypatch.setattr(checkup, "SHARE", 0.0)
    monkeypatch.setattr(checkup, "SURE_S", -1.0)
    trainer = trained(net(bias=-30.0), epochs=4)
    assert [look.step for look in trainer.run.found.looks] == [0, 1, 52]
    assert "dead_relu" in trainer.findings.not_checked
    assert (
        trained(net(bias=-30.0), epochs=1).findings.not_checked["plateau"] == "there are too few looks at this training"
    )


def test_on_a_machine_too_busy_for_its_looks_a_training_with_an_end_has_twelve_that_tell_what_is_wrong(monkeypatch):
    monkeypatch.setattr(checkup, "SAVED_S", 0.0)
    monkeypatch.setattr(checkup, "SHARE", 0.0)
    monkeypatch.setattr(checkup, "SURE_S", PATIENCE_S)
    trainer = trained(net(bias=-30.0), epochs=24)
    assert [look.step for look in trainer.run.found.looks] == [0, *range(1, 312, 26)]
    assert [one.rule for one in trainer.findings.faults][:1] == ["dead_relu"]


def test_nan_is_dated_to_its_step_and_blamed_on_the_rate():
    trainer = trained(net(keras.optimizers.SGD(1e20)), epochs=4)
    (nan,) = [one for one in trainer.findings if one.rule == "nan"]
    assert nan.since_step == trainer.status.first_bad.moment.step <= 10
    assert trainer.findings.faults[0].rule == "lr_too_high"
    assert nan.because_of == "lr_too_high"


def test_a_rate_that_somebody_lowers_is_not_held_against_the_training():
    trainer = Trainer(net(keras.optimizers.Adam(30.0)), (X, Y), epochs=60)
    trainer.run_steps(200)
    assert trainer.wait(PATIENCE_S) == "paused"
    assert "lr_too_high" in [one.rule for one in trainer.findings.faults]
    trainer.learning_rate = 1e-3
    trainer.run_steps(1)
    assert trainer.wait(PATIENCE_S) == "paused"
    assert [
        one.title for one in trainer.findings.faults if one.rule == "lr_too_high" and "the beginning" in one.title
    ] == []


def test_a_plain_fit_says_it_in_the_view_and_is_bit_equal():
    reference, model = net(bias=-30.0), net(bias=-30.0)
    reference.fit(X, Y, epochs=12, verbose=0)
    view = NetworkView(model, data=(X, Y))
    history = model.fit(X, Y, epochs=12, verbose=0, callbacks=[LiveCallback(view)])
    assert view.findings.faults[0].rule == "dead_relu"
    assert view.findings.faults[0].evidence[0].steps[0] == 0
    assert_same_state(state(model), state(reference))
    assert history.history["accuracy"][-1] == model.evaluate(X, Y, verbose=0, return_dict=True)["accuracy"]
    view.close()


def test_without_data_or_with_a_stream_what_is_not_checked_is_said():
    model = plane_net()
    view = NetworkView(model)
    model.fit(*plane(), epochs=4, verbose=0, callbacks=[LiveCallback(view)])
    assert list(view.findings) == []
    assert view.findings.not_checked["nan_input"] == "there is no data to look at"
    assert "plateau" in view.findings.not_checked
    view.close()
    x, y = plane()
    trainer = trained(plane_net(), epochs=6, data=[(x[at : at + 16], y[at : at + 16]) for at in range(0, 64, 16)])
    assert {one.rule for one in trainer.findings.faults} <= {"too_few_epochs"}  # 24 small steps
    assert trainer.findings.not_checked["unshuffled"] == "whether the rows are shuffled is not known here"


def test_what_cannot_be_looked_at_is_told_once_and_the_training_goes_on(recwarn):
    def broken(true, said):
        return keras.ops.mean(keras.ops.square(true - said)) if said.shape[0] != 256 else 1 / 0

    model = net()
    model.compile("adam", broken, run_eagerly=True)
    trainer = trained(model, epochs=2, data=(X, np.eye(3)[Y]))
    told = [str(one.message) for one in recwarn if "looks of the doctor" in str(one.message)]
    assert len(told) == 1
    assert trainer.status.problem.title.startswith("The looks of the doctor cannot be taken")
