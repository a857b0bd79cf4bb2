"""The panel of what is wrong: beside what the trainer itself has found."""

from contextlib import closing

import ipywidgets
import keras
import numpy as np

import nnvis_widget as nv
from tests.keras.page import until
from tests.panels.helpers import parts

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
        assert [one.description for one in shows] == ["Show"]
        shows[0].click()
        assert panel.gaze.selection == {"layer": trainer.graph.by_name("out").id}


def test_of_a_sound_training_what_was_checked_is_told_and_of_a_model_at_rest_that_nobody_looked():
    trainer = trained("sigmoid")
    with closing(nv.FindingsPanel(trainer)) as panel:
        until(lambda: "nothing wrong was found" in panel.describe())
        assert f"checked on {len(X)} rows and fine: " in panel.describe()
        assert not len(panel.table())
    with closing(nv.FindingsPanel(trainer.model, data=(X, Y))) as panel:
        assert "nobody has looked yet" in panel.describe()
