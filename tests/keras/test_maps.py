"""Maps are pictures of what a forward pass puts out: each against a convolution that numpy computes by itself."""

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.reduce.map_pictures import PICTURE_BYTES
from nnvis_widget.stream.frame import decode_frame
from tests.keras.page import Page, until

LIMIT = 200_000


def pictures(count=12, side=12, channels=1, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, side, side, channels)).astype(np.float32), np.arange(count) % 4


def network(*kinds, side=12, channels=1, seed=2):
    keras.utils.set_random_seed(seed)
    ends = [layers.Flatten(name="flat"), layers.Dense(4, "softmax", name="out")]
    model = keras.Sequential([layers.Input((side, side, channels)), *kinds, *ends], name="pictures")
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def frame_of(view):
    return decode_frame(view.get_state()["frame"])


def convolved(x, kernel, bias, padding=0, stride=1):
    """Rows, columns, maps of one picture; every product is written out."""
    x = np.pad(x.astype(np.float64), ((padding, padding), (padding, padding), (0, 0)))
    rows, columns = kernel.shape[:2]
    return np.array(
        [
            [
                [
                    (x[r : r + rows, c : c + columns] * kernel[..., unit]).sum() + bias[unit]
                    for unit in range(kernel.shape[3])
                ]
                for c in range(0, x.shape[1] - columns + 1, stride)
            ]
            for r in range(0, x.shape[0] - rows + 1, stride)
        ]
    )


def pooled(x):
    rows, columns, maps = x.shape
    return x[: rows // 2 * 2, : columns // 2 * 2].reshape(rows // 2, 2, columns // 2, 2, maps).max(axis=(1, 3))


def id_of(view, name):
    return view.source.graph.by_name(name).id


def assert_drawn(frame, layer, expected):
    """The pictures are these numbers, each map to half a level of its own range."""
    codes = frame.find("map_picture", layer).values
    moments = frame.find("map_moments", layer).values
    index = frame.find("map_index", layer)
    drawn = np.arange(expected.shape[2]) if index is None else index.values
    flat = expected.reshape(-1, expected.shape[2])
    told = np.stack([flat.min(0), flat.max(0), flat.mean(0)], axis=1)
    np.testing.assert_allclose(moments, told, rtol=1e-5, atol=1e-5)
    assert codes.shape == (len(drawn), *expected.shape[:2])
    for place, unit in enumerate(drawn):
        low, high = moments[unit, :2].astype(np.float64)
        values = low + (codes[place].astype(np.float64) - 1) / 254 * (high - low)
        np.testing.assert_allclose(values, expected[..., unit], atol=(high - low) / 254 / 2 + 1e-5)


@pytest.mark.parametrize("channels", [1, 2, 3])
def test_convolution_activation_and_pooling_are_drawn_as_numpy_computes_them(channels):
    x, y = pictures(channels=channels)
    model = network(
        layers.Conv2D(5, 3, padding="same", name="same"),
        layers.Activation("relu", name="relu"),
        layers.MaxPooling2D(name="pool"),
        layers.Conv2D(6, (2, 3), name="wide"),
        channels=channels,
    )
    view = nv.NetworkView(model, data=(x, y))
    view.sample = 3
    until(lambda: frame_of(view).header["sample"] == 3)
    frame = frame_of(view)
    first, second = (model.get_layer(name).get_weights() for name in ("same", "wide"))
    active = np.maximum(convolved(x[3], *first, padding=1), 0)
    smaller = pooled(active)
    assert_drawn(frame, id_of(view, "relu"), active)
    assert frame.find("map_picture", id_of(view, "same")) is None
    assert_drawn(frame, id_of(view, "pool"), smaller)
    assert_drawn(frame, id_of(view, "wide"), convolved(smaller, *second))
    kernels = frame.find("map_kernel", id_of(view, "same"))
    if channels == 2:
        assert kernels is None
    else:
        np.testing.assert_array_equal(kernels.values, np.moveaxis(first[0], -1, 0))


def test_of_many_maps_twelve_are_sent_with_the_chosen_one_and_a_pool_behind_them_shows_the_same():
    x, y = pictures()
    model = network(layers.Conv2D(40, 3, activation="relu", name="conv"), layers.MaxPooling2D(name="pool"))
    view = nv.NetworkView(model, data=(x, y))
    conv, pool = id_of(view, "conv"), id_of(view, "pool")
    until(lambda: frame_of(view).find("map_index", conv).attributes["by"] == "contribution")
    frame = frame_of(view)
    output = np.maximum(convolved(x[0], *model.get_layer("conv").get_weights()), 0)
    given = np.abs(view.source.run.latest.tensors[TensorKey("contribution", id_of(view, "conv"), sample=0)])
    strongest = np.sort(np.argsort(-given)[:12])
    np.testing.assert_array_equal(frame.find("map_index", conv).values, strongest)
    np.testing.assert_array_equal(frame.find("map_index", pool).values, strongest)
    assert_drawn(frame, conv, output)
    assert_drawn(frame, pool, pooled(output))
    other = next(unit for unit in range(40) if unit not in strongest)
    view.selection = {"layer": conv, "unit": other}
    assert other in frame_of(view).find("map_index", conv).values
    assert "conv (12 / 40)" in view.describe() or "conv (12 of 40)" in view.describe()


def test_what_is_not_finite_has_no_colour():
    x, y = pictures()
    x[0, 4, 4, 0] = np.nan
    model = network(layers.Conv2D(3, 3, name="conv"))
    view = nv.NetworkView(model, data=(x, y))
    codes = frame_of(view).find("map_picture", id_of(view, "conv")).values
    holes = np.zeros((10, 10), bool)
    holes[2:5, 2:5] = True
    np.testing.assert_array_equal(codes == 0, np.broadcast_to(holes, (3, 10, 10)))


def test_larger_maps_are_means_over_blocks_and_the_frame_stays_small():
    x, y = pictures(side=128)
    kinds = [layers.Conv2D(4, 3, padding="same", activation="relu", name=f"c{place}") for place in range(9)]
    model = network(*kinds, side=128)
    view = Page(model, data=(x, y))
    view.ask("watch", layers=[layer.id for layer in view.source.graph.layers])
    until(lambda: view.frames[-1].find("map_picture", id_of(view, "c8")) is not None)
    pictures_of = [one for one in view.frames[-1].sections if one.quantity == "map_picture"]
    assert len(pictures_of) == 9
    assert sum(one.values.size for one in pictures_of) <= PICTURE_BYTES
    assert view.sent_bytes / view.sent_frames < LIMIT
    first = np.maximum(convolved(x[0], *model.get_layer("c0").get_weights(), padding=1), 0)
    side = pictures_of[0].values.shape[1]
    edges = np.arange(side + 1) * 128 // side
    sums = np.add.reduceat(np.add.reduceat(first, edges[:-1], axis=0), edges[:-1], axis=1)
    means = sums / np.multiply.outer(np.diff(edges), np.diff(edges))[..., None]
    low, high = view.frames[-1].find("map_moments", id_of(view, "c0")).values[:, :2].astype(np.float64).T
    values = low + (np.moveaxis(pictures_of[0].values, 0, -1).astype(np.float64) - 1) / 254 * (high - low)
    np.testing.assert_allclose(values, means, atol=(high - low).max() / 254 / 2 + 1e-5)


def test_of_a_large_model_only_the_maps_on_the_screen_are_measured():
    x, y = pictures(side=64)
    kinds = [layers.Conv2D(16, 3, padding="same", name=f"c{place}") for place in range(6)]
    trainer = nv.Trainer(network(*kinds, side=64), (x, y), batch_size=4)
    view = Page(trainer)
    shown = id_of(view, "c2")
    view.ask("watch", layers=[shown])
    until(lambda: (trainer.run_steps(1), trainer.wait(60)) and trainer.run.latest is not None)
    trainer.run_steps(1)
    trainer.wait(60)
    held = {key.layer for key in trainer.run.latest.tensors if key.quantity == "map"}
    assert held == {shown, id_of(view, "c1")}  # and what flows into it
    view.close()


def test_a_kept_step_shows_the_maps_of_then_and_of_another_sample():
    x, y = pictures()
    model = network(layers.Conv2D(3, 3, name="conv"))
    trainer = nv.Trainer(model, (x, y), batch_size=4)
    view = nv.NetworkView(trainer)
    then = [weights.copy() for weights in model.get_layer("conv").get_weights()]
    trainer.run_steps(5)
    trainer.wait(60)
    view.step, view.sample = 0, 7
    until(lambda: frame_of(view).header["sample"] == 7 and frame_of(view).header["step"] == 0)
    assert_drawn(frame_of(view), id_of(view, "conv"), convolved(x[7], *then))
    key = TensorKey("activation", id_of(view, "conv"), sample=7)
    assert key in trainer.run.at(0).tensors


def norms(squares, sources, targets=None):
    """Of each pair; the others as the root of their mean square."""
    for axis, own in ((0, sources), (1, targets)):
        if own is not None and len(own) < squares.shape[axis]:
            rest = np.delete(squares, own, axis).mean(axis, keepdims=True)
            squares = np.concatenate([np.take(squares, own, axis), rest], axis)
    return np.sqrt(squares)


def test_links_of_maps_are_the_norms_of_their_kernels_and_of_their_blocks_of_a_dense_layer():
    x, y = pictures(channels=3)
    kinds = [
        layers.Conv2D(5, 3, activation="relu", name="few"),
        layers.MaxPooling2D(name="pool"),
        layers.Conv2D(20, 3, name="many"),
    ]
    model = network(*kinds, channels=3)
    view = nv.NetworkView(model, data=(x, y))
    frame = frame_of(view)
    kernels = {name: model.get_layer(name).get_weights()[0].astype(np.float64) for name in ("few", "many", "out")}
    drawn = frame.find("map_index", id_of(view, "many")).values

    def link(name):
        section = frame.find("map_link", id_of(view, name), "weight")
        assert section.attributes["measure"] == "norm"
        return section.values

    np.testing.assert_allclose(link("few"), np.sqrt((kernels["few"] ** 2).sum((0, 1, 2)))[None], rtol=1e-5)
    squares = (kernels["many"] ** 2).sum((0, 1))
    np.testing.assert_allclose(link("many"), norms(squares, np.arange(5), drawn), rtol=1e-5)
    blocks = (kernels["out"].reshape(9, 20, 4) ** 2).sum(0)
    np.testing.assert_allclose(link("out"), norms(blocks, drawn), rtol=1e-5)
    said = view.describe()
    assert f"{kernels['many'].size} edges" not in said
    assert "drawn as 5 links of maps + 65 links of maps + 52 links of maps" in said


def test_signals_of_a_map_to_a_unit_add_up_to_its_z_without_the_bias():
    x, y = pictures()
    model = network(layers.Conv2D(20, 3, activation="relu", name="conv"))
    view = nv.NetworkView(model, data=(x, y), edges="signal")
    frame = frame_of(view)
    out = id_of(view, "out")
    sums = frame.find("map_link", out, "signal")
    assert sums.attributes["measure"] == "sum"
    output = np.maximum(convolved(x[0], *model.get_layer("conv").get_weights()), 0)
    kernel, bias = model.get_layer("out").get_weights()
    products = (kernel.reshape(100, 20, 4) * output.reshape(100, 20, 1)).sum(0)
    drawn = frame.find("map_index", id_of(view, "conv")).values
    expected = np.concatenate([products[drawn], np.delete(products, drawn, 0).sum(0, keepdims=True)])
    np.testing.assert_allclose(sums.values, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(sums.values.sum(0) + bias, frame.find("z", out).values, rtol=1e-4, atol=1e-5)
    assert frame.find("map_link", id_of(view, "conv"), "signal") is None


@pytest.mark.parametrize(
    ("padding", "stride", "spread"), [("same", 1, 1), ("same", 2, 1), ("valid", 2, 1), ("same", 1, 2)]
)
def test_a_place_of_a_map_is_patch_times_kernel_map_by_map(padding, stride, spread):
    x, y = pictures(side=11)
    kind = layers.Conv2D(4, 3, stride, padding, dilation_rate=spread, activation="relu", name="conv")
    model = network(layers.Conv2D(3, 3, name="first"), kind, side=11)
    view = nv.NetworkView(model, data=(x, y))
    conv = id_of(view, "conv")
    source = convolved(x[0], *model.get_layer("first").get_weights())
    kernel, bias = model.get_layer("conv").get_weights()
    made = np.asarray(keras.Model(model.inputs[0], model.get_layer("conv").output)(x[:1]))[0]
    for place in ((0, 0), (1, 2), (made.shape[0] - 1, made.shape[1] - 1)):
        view.selection = {"layer": conv, "unit": 2, "place": list(place)}
        frame = frame_of(view)
        patch, own = frame.find("patch", conv), frame.find("patch_kernel", conv)
        np.testing.assert_array_equal(own.values, np.moveaxis(kernel[..., 2], -1, 0))
        z = (patch.values.astype(np.float64) * own.values).sum() + bias[2]
        np.testing.assert_allclose(max(z, 0), made[(*place, 2)], atol=1e-5)
        np.testing.assert_allclose([patch.attributes["z"], patch.attributes["a"]], [z, made[(*place, 2)]], atol=1e-5)
        inside = patch.values[patch.values != 0]
        assert np.isin(np.round(inside, 4), np.round(source.astype(np.float32), 4)).mean() > 0.99
    view.selection = {"layer": conv, "unit": 2, "place": [99, 0]}
    assert frame_of(view).find("patch", conv) is None


class Twice(layers.Conv2D):
    def convolution_op(self, inputs, kernel):
        return 2 * super().convolution_op(inputs, kernel)


def patched():
    layer = layers.Conv2D(4, 3, name="conv")
    plain = layer.convolution_op
    layer.convolution_op = lambda inputs, kernel: 2 * plain(inputs, kernel)
    return layer


@pytest.mark.parametrize("make", [lambda: Twice(4, 3, name="conv"), patched])
def test_no_sum_is_shown_that_is_not_what_the_layer_puts_out(make):
    x, y = pictures()
    view = nv.NetworkView(network(make()), data=(x, y))
    view.selection = {"layer": id_of(view, "conv"), "unit": 0, "place": [1, 1]}
    assert frame_of(view).find("patch", id_of(view, "conv")) is None
    assert frame_of(view).find("map_picture", id_of(view, "conv")) is not None


def test_another_place_in_the_same_map_measures_nothing_anew():
    x, y = pictures()
    trainer = nv.Trainer(network(layers.Conv2D(4, 3, name="conv")), (x, y), batch_size=4)
    view = nv.NetworkView(trainer)
    conv = id_of(view, "conv")
    view.selection = {"layer": conv, "unit": 0}
    trainer.run_steps(1)
    trainer.wait(60)
    revision = trainer.run.latest.revision
    for column in range(5):
        view.selection = {"layer": conv, "unit": 0, "place": [1, column]}
        assert frame_of(view).find("patch", conv).attributes["column"] == column
    trainer.wait(60)
    assert trainer.run.latest.revision == revision


def test_a_large_picture_is_sent_at_the_size_it_is_drawn():
    pixels = np.random.default_rng(0).integers(0, 256, (3, 200, 300, 3), dtype=np.uint8)
    keras.utils.set_random_seed(0)
    kinds = [layers.Rescaling(1 / 255), layers.Conv2D(4, 7, 6, name="conv"), layers.GlobalAveragePooling2D()]
    model = keras.Sequential([layers.Input((200, 300, 3), dtype="uint8"), *kinds, layers.Dense(2, "softmax")])
    view = nv.NetworkView(model, data=pixels)
    frame = frame_of(view)
    given = view.source.graph.inputs[0]
    picture = frame.find("picture", given)
    rows, columns, channels = picture.values.shape
    assert channels == 3
    assert picture.values.size <= 80_000
    assert abs(columns / rows - 1.5) < 0.05
    assert frame.find("activation", given) is None
    assert len(view.get_state()["frame"]) < LIMIT
    (top, left), values = (np.arange(n + 1) * m // n for n, m in ((rows, 200), (columns, 300))), pixels[0].astype(float)
    sums = np.add.reduceat(np.add.reduceat(values, top[:-1], axis=0), left[:-1], axis=1)
    means = sums / np.multiply.outer(np.diff(top), np.diff(left))[..., None]
    low, high = picture.attributes["lo"], picture.attributes["hi"]
    shown = low + (picture.values.astype(float) - 1) / 254 * (high - low)
    np.testing.assert_allclose(shown, means, atol=(high - low) / 254 / 2 + 1e-6)


def test_a_training_whose_maps_are_watched_is_the_same_training():
    x, y = pictures(48)
    twins = []
    for is_watched in (False, True):
        keras.utils.set_random_seed(4)  # a layer draws its seed when it is made
        model = network(
            layers.Conv2D(20, 3, activation="relu", name="conv"), layers.MaxPooling2D(), layers.Dropout(0.3)
        )
        trainer = nv.Trainer(model, (x, y), batch_size=8)
        view = Page(trainer) if is_watched else None
        for step in range(3):
            if view is not None:
                view.selection = {"layer": id_of(view, "conv"), "unit": step, "place": [step, 1]}
                view.edges = ("weight", "signal", "gradient")[step]
            trainer.run_epochs(1)
            trainer.wait(60)
        twins.append(model.get_weights())
    for one, other in zip(*twins, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_layer_that_is_chosen_as_a_whole_shows_every_map_of_it():
    x, y = pictures()
    model = network(layers.Conv2D(40, 3, activation="relu", name="conv"))
    view = nv.NetworkView(model, data=(x, y))
    conv = id_of(view, "conv")
    assert frame_of(view).find("map_thumb", conv) is None
    view.selection = {"layer": conv}
    frame = frame_of(view)
    output = np.maximum(convolved(x[0], *model.get_layer("conv").get_weights()), 0)
    low, high = frame.find("map_moments", conv).values[:, :2].astype(np.float64).T
    codes = np.moveaxis(frame.find("map_thumb", conv).values, 0, -1).astype(np.float64)
    np.testing.assert_allclose(low + (codes - 1) / 254 * (high - low), output, atol=high.max() / 254 / 2 + 1e-5)
