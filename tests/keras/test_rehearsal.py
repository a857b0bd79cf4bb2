"""Is a `fit`, which cannot be held, gone through phase by phase all the same, and left as it is?"""

import keras
import numpy as np
import pytest

import nnvis_widget as nv

from .models import assert_same_state, plane, plane_net, rich_data, rich_net, state
from .page import Page, until
from .test_learning import uncompiled
from .test_step_page import column, exact, shown

FIT = {"batch_size": 16, "epochs": 2, "verbose": 0}


def fitted(model, data, **traits):
    view = Page(model, data=data, **traits)
    model.fit(*data, **FIT, callbacks=[nv.LiveCallback(view)])
    return view


def told(view, phase):
    view.ask("show_phase", phase=phase)
    until(lambda: shown(view)["phase"] == phase)
    return shown(view)


def test_after_a_fit_the_batch_of_the_shown_sample_is_gone_through_and_no_step_is_taken():
    model, (x, y) = plane_net(), plane()
    view = fitted(model, (x, y), sample=37, selection={"layer": "L2", "unit": 1})
    before = state(model)
    assert view.ask("open_steps", sample=0)["ok"]
    until(lambda: shown(view))
    message = told(view, "forward")
    assert (message["called"], message["sample"], message["count"]) == (37, 5, 32)
    hidden = keras.Model(model.inputs, model.layers[1].output)([x[37:38]])[0]
    np.testing.assert_allclose(exact(message, "L2"), hidden, atol=5e-4)
    loss = float(model.compute_loss(x[32:64], y[32:64], model(x[32:64])))
    assert float(message["loss"]) == pytest.approx(loss, abs=5e-5)
    arithmetic = nv.arithmetic(model, "L2", 1, 37, data=(x, y))
    assert exact(told(view, "backward"), "L2")[1] == pytest.approx(arithmetic.delta, abs=5e-4)
    update = told(view, "update")
    assert "fit takes the steps" in update["untaken"]
    assert update["notes"][0] == update["untaken"]
    assert not any("No update is shown" in note for note in update["notes"])
    assert {unit[2] for unit in column(update, "L2")["units"]} == {""}
    assert not any(card["phase"] == "update" for card in update["cards"])
    assert not view.ask("take_step")["ok"]
    assert view.ask("open_steps", sample=6)["ok"]
    until(lambda: shown(view)["called"] == 38)
    assert view.ask("cancel_steps")["ok"]
    until(lambda: shown(view) == {})
    assert_same_state(state(model), before)


class Opens(keras.callbacks.Callback):
    """A page that asks while a fit runs, of a kernel that hears it."""

    def __init__(self, view):
        super().__init__()
        self.view, self.heard = view, []

    def on_train_batch_begin(self, batch, logs=None):
        asked = {1: ("open_steps", {"sample": 0}), 2: ("show_phase", {"phase": "backward"}), 5: ("cancel_steps", {})}
        if batch in asked:
            op, args = asked[batch]
            self.view.tell(op, **args)
        self.heard.append(shown(self.view).get("phase"))


def test_while_a_fit_runs_it_goes_on_and_is_bit_equal(monkeypatch):
    monkeypatch.setattr("nnvis_widget.sources.callback.LOOK_S", 0.0)

    def trained(watched):
        model = rich_net()
        view = Page(model, data=rich_data())
        opens = Opens(view)
        callbacks = [nv.LiveCallback(view), opens] if watched else []
        model.fit(*rich_data(), batch_size=8, epochs=1, shuffle=False, verbose=0, callbacks=callbacks)
        return state(model), opens.heard

    told_state, heard = trained(True)
    plain_state, _ = trained(False)
    assert heard == [None, None, "init", "backward", "backward", "backward", None]
    assert_same_state(told_state, plain_state)


def test_a_model_that_nobody_has_trained_offers_none_and_one_without_a_loss_tells_what_comes_out():
    model = plane_net()
    view = Page(model, data=plane())
    assert not view.ask("open_steps", sample=0)["ok"]
    loop = nv.watch(uncompiled(), plane())
    view = Page(loop)
    with loop:
        loop.step(loss=1.0)
    assert view.ask("open_steps", sample=0)["ok"]
    until(lambda: shown(view))
    message = told(view, "backward")
    assert any("not compiled" in note for note in message["notes"])
    assert [card["phase"] for card in message["cards"]] == ["forward", "forward"]
