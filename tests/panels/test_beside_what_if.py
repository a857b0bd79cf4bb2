"""Do panels beside a what-if say that they show the network without it?"""

from contextlib import closing

import pytest

import nnvis_widget as nv
from tests.keras.models import plane, plane_net

SAID = "What if is open: this shows the network without the changes that are tried."
TRIED = [{"kind": "unit", "layer": "L1", "unit": 1, "to": "zero"}]


@pytest.fixture(scope="module")
def view():
    with closing(nv.NetworkView(plane_net(), data=plane())) as view:
        yield view


@pytest.mark.parametrize("kind", [nv.WeightHeatmap, nv.ActivationPanel, nv.WeightHistogram, nv.ConfusionMatrix])
def test_a_panel_of_the_model_says_that_it_shows_it_as_it_is(view, kind):
    with closing(kind(view)) as panel:
        plain, numbers = panel.describe(), panel.table()
        view.what_if = TRIED
        assert view.what_if_answer is not None
        assert panel.describe() == f"{plain} {SAID}"
        assert SAID in panel.children[-2].value
        assert panel.table().equals(numbers)
        view.what_if = []
        assert panel.describe() == plain


def test_one_of_the_past_or_of_how_the_training_went_says_nothing_of_it(view):
    trainer = nv.Trainer(plane_net(), plane(), batch_size=16)
    trainer.run_steps(2)
    trainer.wait()
    with closing(nv.NetworkView(trainer)) as own, closing(nv.TrainingCurves(own)) as curves:
        own.what_if = TRIED
        assert SAID not in curves.describe()
        with closing(nv.WeightHeatmap(own)) as panel:
            assert SAID in panel.describe()
            own.step = trainer.run.steps[0]
            assert SAID not in panel.describe()
