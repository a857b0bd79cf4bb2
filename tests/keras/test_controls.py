"""The sliders write what a person chose, and nothing else."""

from __future__ import annotations

import keras
import pytest

import nnvis_widget as nv

from ..panels.helpers import plane_model


@pytest.mark.parametrize("rate", [0.5, 0.003, 3e-4])
def test_what_the_page_writes_back_by_itself_is_no_choice(rate: float) -> None:
    model = plane_model()
    model.optimizer.learning_rate = rate
    trainer = nv.Trainer(model, nv.datasets.moons(n=32, noise=0.1, seed=0), batch_size=16)
    controls = nv.Controls(trainer)
    low, step = controls.learning_rate.min, controls.learning_rate.step
    places = [10 ** (low + i * step) for i in range(200)]
    nearest = min(places, key=lambda place: abs(place / rate - 1))
    controls.learning_rate.set_state({"value": nearest})
    trainer.run_steps(1)
    trainer.wait(60)
    assert float(keras.ops.convert_to_numpy(model.optimizer.learning_rate)) == pytest.approx(rate, rel=1e-6)

    further = places[places.index(nearest) + 1]
    controls.learning_rate.set_state({"value": further})
    trainer.run_steps(1)
    trainer.wait(60)
    assert float(keras.ops.convert_to_numpy(model.optimizer.learning_rate)) == pytest.approx(further, rel=1e-6)
    controls.close()
    trainer.stop()
