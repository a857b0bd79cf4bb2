import sys
from types import SimpleNamespace

import numpy as np
import pytest

from nnvis_widget.errors import DataError, MissingExtraError
from nnvis_widget.training.data import datasets
from nnvis_widget.training.data.scikit import resize_bilinear
from nnvis_widget.training.data.split import split_indices

PLANE = [datasets.moons, datasets.circles, datasets.xor, datasets.spiral, datasets.gaussians]
TABLES = [(datasets.iris, 150, 4, 3), (datasets.wine, 178, 13, 3), (datasets.breast_cancer, 569, 30, 2)]


def everything(data):
    return (
        np.concatenate([data.inputs, data.validation_inputs]),
        np.concatenate([data.targets, data.validation_targets]),
    )


@pytest.mark.parametrize("draw", PLANE)
def test_plane_data_is_balanced_centred_and_named(draw):
    data = draw()
    inputs, targets = everything(data)
    assert inputs.dtype == np.float32
    assert inputs.shape == (400, 2)
    assert np.bincount(data.targets).tolist() == [150, 150]
    assert np.bincount(data.validation_targets).tolist() == [50, 50]
    assert np.issubdtype(targets.dtype, np.integer)
    assert np.mean(np.abs(inputs) <= 2.2) > 0.99
    assert np.abs(inputs.mean(axis=0)).max() < 0.2
    assert data.feature_names == ("x₁", "x₂")
    assert data.class_names == ("class 0", "class 1")
    assert (data.name, data.task, data.image_shape) == (draw.__name__, "classification", None)


@pytest.mark.parametrize("draw", PLANE)
def test_plane_data_depends_on_the_seed_alone(draw):
    np.testing.assert_array_equal(draw(seed=3).inputs, draw(seed=3).inputs)
    assert not np.array_equal(draw(seed=3).inputs, draw(seed=4).inputs)


@pytest.mark.parametrize("draw", PLANE)
@pytest.mark.parametrize(
    "wrong",
    [{"n": 3}, {"noise": -0.1}, {"noise": np.nan}, {"noise": np.inf}]
    + [{"validation_fraction": fraction} for fraction in (0, 1, -0.5, np.nan)],
)
def test_plane_data_out_of_range_is_refused_by_name(draw, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        draw(**wrong)


def test_clean_plane_data_lies_on_its_shapes():
    inputs, targets = everything(datasets.circles(noise=0))
    np.testing.assert_allclose(np.hypot(*inputs.T), np.where(targets == 0, 1.8, 0.8), rtol=1e-5)
    inputs, targets = everything(datasets.xor(noise=0))
    np.testing.assert_array_equal(targets, (inputs[:, 0] > 0) != (inputs[:, 1] > 0))
    inputs, targets = everything(datasets.gaussians(noise=0))
    np.testing.assert_array_equal(inputs, np.repeat(np.where(targets == 0, -1, 1)[:, None], 2, axis=1))
    inputs, targets = everything(datasets.moons(noise=0))
    centred = inputs / 1.2 * np.where(targets == 0, 1, -1)[:, None] + [0.5, 0.25]
    np.testing.assert_allclose(np.hypot(*centred.T), 1, rtol=1e-5)
    assert centred[:, 1].min() >= -1e-6
    inputs, targets = everything(datasets.spiral(noise=0, turns=2))
    radius = np.hypot(*inputs.T) / 2
    angle = 4 * np.pi * radius + np.pi * targets
    np.testing.assert_allclose(inputs, 2 * radius[:, None] * np.column_stack([np.sin(angle), np.cos(angle)]), atol=1e-4)


@pytest.mark.parametrize("turns", [0, -1, np.nan, np.inf])
def test_a_spiral_without_turns_is_refused(turns):
    with pytest.raises(ValueError, match="turns="):
        datasets.spiral(turns=turns)


def test_digits_are_scikit_learns_own():
    from sklearn.datasets import load_digits

    data = datasets.digits()
    inputs, targets = everything(data)
    bunch = load_digits()
    assert inputs.shape == (1797, 64)
    assert (data.image_shape, data.class_names[3]) == ((8, 8), "three")
    assert (inputs.dtype, inputs.min(), inputs.max()) == (np.float32, 0, 1)
    ours = sorted((int(label), *row) for label, row in zip(targets, inputs.tolist(), strict=True))
    theirs = sorted((int(label), *row) for label, row in zip(bunch.target, (bunch.data / 16).tolist(), strict=True))
    assert ours == theirs


def test_enlarged_digits_are_the_same_samples():
    small, large = datasets.digits(seed=5), datasets.digits(size=28, seed=5)
    assert large.inputs.shape == (len(small.inputs), 784)
    assert large.image_shape == (28, 28)
    np.testing.assert_array_equal(small.targets, large.targets)
    expected = resize_bilinear(small.inputs[:1].reshape(1, 8, 8).astype(np.float64), 28)
    np.testing.assert_allclose(large.inputs[0], expected.ravel(), atol=1e-6)
    assert large.inputs.min() >= 0
    assert large.inputs.max() <= 1


def test_enlarging_is_pillows_bilinear():
    image = pytest.importorskip("PIL.Image")
    picture = np.random.default_rng(0).random((8, 8)).astype(np.float32)
    expected = np.asarray(image.fromarray(picture).resize((28, 28), image.Resampling.BILINEAR))
    np.testing.assert_allclose(resize_bilinear(picture[None], 28)[0], expected, atol=1e-5)


def test_another_size_of_digits_is_refused():
    with pytest.raises(ValueError, match="size=16"):
        datasets.digits(size=16)


@pytest.mark.parametrize(("load", "count", "features", "classes"), TABLES)
def test_tables_are_standardised_by_their_training_part(load, count, features, classes):
    data = load()
    inputs, _ = everything(data)
    assert inputs.shape == (count, features)
    assert len(data.feature_names) == features
    assert len(data.class_names) == classes
    np.testing.assert_allclose(data.inputs.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(data.inputs.std(axis=0), 1, atol=1e-5)
    assert np.abs(data.validation_inputs.mean(axis=0)).max() > 1e-3
    shares = np.bincount(data.validation_targets) / np.bincount(np.concatenate([data.targets, data.validation_targets]))
    np.testing.assert_allclose(shares, 0.25, atol=0.02)


def test_names_are_scikit_learns():
    assert datasets.iris().class_names == ("setosa", "versicolor", "virginica")
    assert datasets.iris().feature_names[0] == "sepal length (cm)"


@pytest.mark.parametrize("load", [datasets.digits, datasets.iris])
def test_without_scikit_learn_the_extra_is_named(load, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(MissingExtraError, match=r'scikit-learn.*pip install "nnvis-widget\[data\]"'):
        load()


def keras_with(monkeypatch, name, load_data):
    monkeypatch.setitem(sys.modules, f"keras.datasets.{name}", SimpleNamespace(load_data=load_data))


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_downloaded_grey_pictures_come_flat_from_0_to_1(name, monkeypatch):
    pictures = np.arange(3 * 784, dtype=np.uint32).reshape(3, 28, 28).astype(np.uint8)
    labels = np.array([7, 0, 9], np.uint8)
    keras_with(monkeypatch, name, lambda: ((pictures, labels), (pictures[:1], labels[:1])))
    data = getattr(datasets, name)()
    np.testing.assert_array_equal(data.inputs, (pictures.reshape(3, 784) / 255).astype(np.float32))
    assert data.inputs.dtype == np.float32
    assert data.validation_inputs.shape == (1, 784)
    assert data.targets.tolist() == [7, 0, 9]
    assert (data.name, data.image_shape, len(data.class_names)) == (name, (28, 28), 10)


def test_downloaded_colour_pictures_keep_their_shape(monkeypatch):
    pictures = np.full((2, 32, 32, 3), 255, np.uint8)
    labels = np.array([[4], [2]], np.uint8)
    keras_with(monkeypatch, "cifar10", lambda: ((pictures, labels), (pictures, labels)))
    data = datasets.cifar10()
    assert data.inputs.shape == (2, 32, 32, 3)
    assert data.inputs.max() == 1
    assert data.targets.tolist() == [4, 2]
    assert len(data.class_names) == 10


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "cifar10"])
def test_without_a_network_the_error_says_what_to_do(name, monkeypatch):
    def fail():
        raise Exception("URL fetch failure on https://example.org: None -- no route to host")

    keras_with(monkeypatch, name, fail)
    with pytest.raises(DataError, match=rf"{name}\(\).*no route to host.*digits\(size=28\)") as caught:
        getattr(datasets, name)()
    assert "URL fetch failure" in str(caught.value.__cause__)


def test_a_split_holds_every_index_once_and_every_class_in_both_parts():
    targets = np.array([0] * 2 + [1] * 100 + [2])
    training, validation = split_indices(targets, 0.1, np.random.default_rng(0))
    assert sorted([*training, *validation]) == list(range(103))
    assert np.bincount(targets[training]).tolist() == [1, 90, 1]
    assert np.bincount(targets[validation], minlength=3).tolist() == [1, 10, 0]
