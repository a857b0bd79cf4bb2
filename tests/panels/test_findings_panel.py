"""The panel of what is wrong: beside what the trainer itself has found."""

from contextlib import closing

import ipywidgets
import keras
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.core.finding import Place
from nnvis_widget.core.trial import Trial, TrialResult
from nnvis_widget.widgets.panels.parts.trial_row import TrialRow
from tests.keras.page import until
from tests.panels.helpers import parts

pytestmark = pytest.mark.usefixtures("looks_by_steps")
X = np.random.default_rng(0).normal(size=(128, 3)).astype("float32")
Y = (X.sum(axis=1) > 0).astype("float32")


def trained(activation):
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Dense(6, "relu", name="hidden"), keras.layers.Dense(1, activation, name="out")]
    model = keras.Sequential([keras.Input((3,)), *layers])
    model.compile("adam", "binary_crossentropy")
    trainer = nv.Trainer(model, (X, Y), batch_size=16)
    trainer.run_steps(30)
    trainer.wait(60)
    return trainer


def test_a_fault_is_a_card_whose_button_leads_to_its_place():
    trainer = trained("linear")
    with closing(nv.FindingsPanel(trainer)) as panel:
        until(lambda: "output_activation" in set(panel.table().get("rule", ())))
        cause = trainer.findings.faults[0]
        assert panel.table().rule.tolist() == [one.rule for one in trainer.findings]
        assert cause.rule == "output_activation"
        said = panel.describe()
        assert said.startswith("Findings: 1 fault")
        assert cause.title in said
        shows = [one for one in parts(panel, ipywidgets.Button) if one.layout.display != "none"]
        assert [one.description for one in shows] == ["Show", "Try it", "The rule's own"]
        shows[0].click()
        assert panel.gaze.selection == {"layer": trainer.graph.by_name("out").id}


def test_of_a_sound_training_what_was_checked_is_told_and_of_a_model_at_rest_that_nobody_looked():
    trainer = trained("sigmoid")
    with closing(nv.FindingsPanel(trainer)) as panel:
        until(lambda: "nothing wrong was found" in panel.describe())
        assert f"checked on {len(X)} rows and not found: " in panel.describe()
        assert not len(panel.table())
        with closing(nv.Controls(trainer)) as controls:
            assert (controls.found.value, controls.found.layout.display) == ("", "none")
    with closing(nv.FindingsPanel(trainer.model, data=(X, Y))) as panel:
        assert "nobody has looked yet" in panel.describe()


def shown(panel):
    """The buttons that can be pressed, by what is written on them, as a page has them now."""
    panel.describe()
    return {one.description: one for one in parts(panel, ipywidgets.Button) if one.layout.display != "none"}


def said(panel):
    panel.describe()
    return " ".join(one.value for one in parts(panel, ipywidgets.HTML))


def test_what_a_card_advises_is_tried_and_kept_by_its_buttons():
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Dense(6, "relu"), keras.layers.Dense(1, "sigmoid")]
    model = keras.Sequential([keras.Input((3,)), *layers])
    model.compile(keras.optimizers.SGD(1e-5), "binary_crossentropy")
    trainer = nv.Trainer(model, (X, Y), batch_size=16)
    trainer.run_steps(800)
    trainer.wait(60)
    with closing(nv.FindingsPanel(trainer)) as panel:
        until(lambda: "Try it" in shown(panel))
        with closing(nv.Controls(trainer)) as controls, closing(nv.TrainingCurves(trainer)) as curves:
            wrong = trainer.findings[0]  # told where the rate is set and where the loss is drawn too
            assert controls.found.value.startswith(wrong.pill)
            assert controls.found.layout.display is None
            assert wrong.title in curves.describe()
            assert wrong.pill in said(curves)
        shown(panel)["Try it"].click()
        until(lambda: "Keep" in shown(panel))
        result = trainer.status.trial.result
        assert result.outcome == "better"
        assert result.verdict in panel.describe()
        for word in (result.verdict, result.what_text, "as it is", "changed"):
            assert word in said(panel)
        shown(panel)["Keep"].click()
        until(lambda: trainer.learning_rate > 1e-4)
        assert (trainer.learning_rate, "Keep" in shown(panel)) == (np.float32(result.keeps[1]), False)
        assert "It is set in the training" in said(panel)


def test_what_is_under_way_can_be_cancelled_and_what_a_name_is_called_is_no_markup():
    pressed = []
    row = TrialRow(lambda: pressed.append("cancel"), lambda *kept: pressed.append(kept))
    row.show(Trial("dead_relu", ("layer", "L1"), 142, 300))
    text, cancel, keep = row.box.children
    assert "Trying: step 142 of 300" in text.value
    assert (cancel.description, cancel.layout.display, keep.layout.display) == ("Cancel", None, "none")
    cancel.click()
    what, curves = ("trialEnd", {"new": "<b>", "now": "&"}), {"as_it_is": (1.0, 0.9), "changed": (1.0, float("nan"))}
    result = TrialResult("x", Place("loss"), "worse", what, "a < b", None, rows=9, steps=(0, 4), **curves)
    row.show(Trial("x", ("loss", ""), 4, 300, result))
    assert "NaN instead of 0.900 after 4 steps: it makes it worse" in text.value
    assert "step 4 of 300" in text.value  # the time was up
    assert "&lt;b&gt; at the end instead of &amp;" in text.value
    assert "<pre>a &lt; b</pre>" in text.value
    assert (cancel.layout.display, keep.layout.display, pressed) == ("none", "none", ["cancel"])
    row.show(None)
    assert row.box.layout.display == "none"
