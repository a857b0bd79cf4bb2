"""The panel of states: beside the loops of numpy that the probe is held against."""

from contextlib import closing

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.errors import ModelError
from tests.keras.page import until
from tests.keras.test_recurrent import CLOSE, STEPS, UNITS, data_of, gru, lstm, model_of, over_time

from .helpers import click, note, pictures, point_at


def layer_id(panel, name):
    return panel.source.graph.by_name(name).id


def test_the_table_has_every_state_and_gate_of_the_sample_and_follows_the_selection():
    model, x = model_of(layers.GRU(UNITS, name="two"), layers.LSTM(UNITS, return_sequences=True, name="one")), data_of()
    with closing(nv.StatePanel(model, data=(x, None))) as panel:
        panel.gaze.sample = 1
        until(lambda: len(panel.table()))
        table = panel.table()
        expected, _ = over_time(lstm, model.get_layer("one"), x[1])
        assert list(table.columns) == ["unit", "time_step", "place", *expected]
        third = table[table.unit == 3]
        assert third.time_step.tolist() == third.place.tolist() == list(range(STEPS))
        for name, values in expected.items():
            np.testing.assert_allclose(third[name], values[:, 3], **CLOSE)
        panel.gaze.selection = {"layer": layer_id(panel, "two"), "unit": 1}
        until(lambda: "update" in panel.table())
        inputs = keras.Model(model.inputs[0], model.get_layer("one").output)(x[1:])
        expected, _ = over_time(gru, model.get_layer("two"), keras.ops.convert_to_numpy(inputs)[0])
        table = panel.table()
        np.testing.assert_allclose(table[table.unit == 2].reset, expected["reset"][:, 2], **CLOSE)


def test_it_says_how_open_the_gates_are_and_the_numbers_at_the_time_cursor():
    model, x = model_of(layers.LSTM(UNITS, name="one"), layers.Masking()), data_of()
    x[0, 2] = 0
    with closing(nv.StatePanel(model, "one", series="forget", data=(x, None))) as panel:
        panel.gaze.selection = {"layer": layer_id(panel, "one"), "unit": 2, "place": [0, 3]}
        until(lambda: "time step 3" in panel.describe())
        said = panel.describe()
        panel.gaze.selection = {"layer": layer_id(panel, "one"), "unit": 2, "place": [0, 2]}
        masked = panel.describe()
    expected, seen = over_time(lstm, model.get_layer("one"), x[0], (x[0] != 0).any(-1))
    assert not seen[2]
    forget = expected["forget"][seen]
    assert said.startswith("States and gates, one, forget gate, sample 0")
    assert f"forget gate: mean {forget.mean():.2f} · " in said
    assert f"unit 2 at time step 3: state h {expected['h'][3, 2]:+.3f}".replace("-", "−") in said
    assert f"forget gate {expected['forget'][3, 2]:.3f}" in said
    assert "1 time step is masked" in said
    assert f"unit 2 at time step 2: state h {expected['h'][1, 2]:+.3f}".replace("-", "−") in masked
    assert "forget gate –" in masked


def test_a_cell_is_read_out_and_chosen_and_the_series_can_be_changed():
    model, x = model_of(layers.LSTM(UNITS, name="one")), data_of()
    with closing(nv.StatePanel(model, data=(x, None))) as panel:
        until(lambda: len(panel.table()))
        expected, _ = over_time(lstm, model.get_layer("one"), x[0])
        (cells,) = pictures(panel)
        click(cells, x=4.5, y=1.5)
        assert panel.gaze.selection == {"layer": layer_id(panel, "one"), "unit": 1, "place": [0, 4]}
        point_at(cells, 3, 5)
        panel.series = "output"
        panel.describe()
        assert f"unit 3, time step 5: output gate {expected['output'][5, 3]:.3f}" in note(panel)
        with pytest.raises(ModelError, match="Expected one of 'h', 'c'"):
            panel.series = "forgot"


def test_a_layer_that_cannot_tell_says_so_and_a_model_without_one_is_refused():
    keras.utils.set_random_seed(3)
    x = keras.Input(batch_shape=(2, STEPS, 3))
    model = keras.Model(x, layers.Dense(1, name="end")(layers.LSTM(UNITS, stateful=True, name="one")(x)))
    with closing(nv.StatePanel(model, data=(data_of(), None))) as panel:
        until(lambda: "Not told" in panel.describe())
        assert panel.table().empty
        with pytest.raises(ModelError, match=r"'end' .Dense. is not recurrent"):
            nv.StatePanel(panel.source, "end")
    with pytest.raises(ModelError, match="this one has none"):
        nv.StatePanel(keras.Sequential([keras.Input((3,)), layers.Dense(1)]))
