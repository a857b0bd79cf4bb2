"""Do fields show what the model puts out over the plane?"""

import keras
import numpy as np
from keras import layers

from nnvis_widget import Trainer
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.reduce.quantize import Quantized, dequantize
from tests.keras.models import plane, plane_net, rich_data, rich_net


def points_of(extent, size):
    """Written out cell by cell, from the top row down."""
    x0, x1, y0, y1 = extent
    return np.array(
        [
            [x0 + (x1 - x0) * (column + 0.5) / size, y1 - (y1 - y0) * (row + 0.5) / size]
            for row in range(size)
            for column in range(size)
        ],
        np.float32,
    )


def field_of(snapshot, quantity, layer):
    codes = snapshot.tensors[TensorKey(quantity, layer)]
    low, high = snapshot.tensors[TensorKey(f"{quantity}_range", layer)].tolist()
    return dequantize(Quantized(codes, low, high)), (high - low) / 254 / 2


def assert_equals_predict(trainer, quantity, size, name, model):
    layer = trainer.graph.by_name(name).id
    field, bound = field_of(trainer.run.latest, quantity, layer)
    expected = model.predict(points_of(trainer.scenery.extent, size), verbose=0).T.reshape(field.shape)
    assert np.abs(field - expected).max() <= bound + 1e-6


def test_fields_equal_predict_on_the_grid_within_the_quantisation():
    model = plane_net()
    trainer = Trainer(model, plane(), batch_size=16)
    trainer.run_steps(8)
    trainer.wait(60)
    for layer in model.layers:
        assert_equals_predict(trainer, "field", 28, layer.name, keras.Model(model.inputs, layer.output))
    assert_equals_predict(trainer, "prediction", 72, model.layers[-1].name, model)


def test_a_prediction_of_several_classes_has_one_field_each():
    model = rich_net()
    trainer = Trainer(model, rich_data())
    assert_equals_predict(trainer, "prediction", 72, model.layers[-1].name, model)


def test_layers_of_more_than_sixteen_units_have_no_field():
    model = keras.Sequential([layers.Input((2,)), layers.Dense(17, name="wide"), layers.Dense(1, name="out")])
    model.compile("adam", "mse")
    trainer = Trainer(model, plane())
    assert TensorKey("field", trainer.graph.by_name("wide").id) not in trainer.run.latest.tensors
    assert TensorKey("field", trainer.graph.by_name("out").id) in trainer.run.latest.tensors


def test_a_model_of_nan_has_a_field_of_nan():
    model = plane_net()
    model.set_weights([np.full_like(w, np.nan) for w in model.get_weights()])
    trainer = Trainer(model, plane())
    layer = trainer.graph.by_name(model.layers[-1].name).id
    assert not trainer.run.latest.tensors[TensorKey("field", layer)].any()
