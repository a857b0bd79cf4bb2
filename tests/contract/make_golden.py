"""Writes the golden frames that both languages read: `python -m tests.contract.make_golden`.

NAME.bin holds the bytes of a frame; NAME.json what is in it: the header without its table, and each section with its
values as a flat list, NaN as null and infinities as text.
"""

import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np

from nnvis_widget.core.finding import Finding, Place
from nnvis_widget.core.graph import Layer, Link, NetworkGraph, Parameter
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import Moment, Snapshot, TensorKey
from nnvis_widget.core.status import FirstBad, Problem, Status
from nnvis_widget.core.task import Task
from nnvis_widget.run.run import Run
from nnvis_widget.stream.frame import decode_frame
from nnvis_widget.stream.scenery_frame import scenery_frame
from nnvis_widget.stream.shown import Wish
from nnvis_widget.stream.snapshot_frame import snapshot_frame

SEVERAL = Task("one_of_several", is_share=True)
FOLDER = Path(__file__).parent / "golden"


def ramp(*shape, low=-1.0, high=1.0):
    """Numbers that are the same on every machine: no random generator, no training."""
    count = math.prod(shape)
    order = (np.arange(count) * 7919) % max(count, 1)
    return (low + (high - low) * order / max(count - 1, 1)).astype(np.float32).reshape(shape)


def dense_graph(*sizes, name="golden"):
    layers = [Layer("L0", "input", "InputLayer", ((None, sizes[0]),), units=sizes[0], role="input")]
    for index, (inputs, units) in enumerate(pairwise(sizes), 1):
        parameters = (
            Parameter("kernel", (inputs, units), "float32", True),
            Parameter("bias", (units,), "float32", True),
        )
        shape, name_of_layer = ((None, units),), f"dense_{index}"
        layers.append(Layer(f"L{index}", name_of_layer, "Dense", shape, parameters, "tanh", units, role="dense"))
    count = sum(layer.parameter_count for layer in layers)
    links = tuple(Link(f"L{index}", f"L{index + 1}") for index in range(len(sizes) - 1))
    return NetworkGraph(name, tuple(layers), links, ("L0",), (layers[-1].id,), count, count)


def dense_tensors(sizes, fill=None, sample=0):
    def values(*shape, **limits):
        return ramp(*shape, **limits) if fill is None else np.full(shape, fill, np.float32)

    tensors = {TensorKey("activation", "L0", sample=sample): values(sizes[0], low=0.0)}
    for index, (inputs, units) in enumerate(pairwise(sizes), 1):
        layer = f"L{index}"
        tensors[TensorKey("weight", layer, "kernel")] = values(inputs, units)
        tensors[TensorKey("weight", layer, "bias")] = values(units, low=-0.5)
        tensors[TensorKey("gradient", layer, "kernel")] = values(inputs, units, low=-1e-6, high=1e-6)
        tensors[TensorKey("activation", layer, sample=sample)] = values(units)
        tensors[TensorKey("z", layer, sample=sample)] = values(units, low=-3.0, high=3.0)
    return tensors


def moons_fields():
    codes = ((np.arange(4 * 6 * 6) * 37) % 256).astype(np.uint8)
    return {
        TensorKey("field", "L1"): codes.reshape(4, 6, 6),
        TensorKey("field_range", "L1"): np.float32([-0.75, 0.5]),
        TensorKey("prediction", "L2"): codes[:81].reshape(1, 9, 9),
        TensorKey("prediction_range", "L2"): np.float32([0.0, 1.0]),
    }


def recorded(snapshot, losses=()):
    run = Run()
    run.append(snapshot)
    if len(losses):
        run.record_scalars(np.arange(1, len(losses) + 1), ["loss"], np.float64(losses)[:, None])
    return run


def moons():
    snapshot = Snapshot(
        Moment(1_234, 12, 34),
        {"loss": 0.123456789012345, "accuracy": 0.875, "val_loss": float("nan")},
        {"learning_rate": 0.003, "batch_size": 32.0},
        dense_tensors((2, 4, 1)) | moons_fields(),
        (0,),
        3,
    )
    status = Status(
        "running",
        Moment(1_300, 13, 0),
        steps_per_epoch=100,
        epochs=50,
        optimizer="Adam",
        commands=("pause", "stop", "reset", "set_hyperparameter", "set_pace"),
        generation=1,
        pace="30 epochs/s",
    )
    scenery = Scenery((ramp(6, 2),), np.arange(6) % 2, task=Task("one_of_two", boundary=0.0))
    wish = Wish("gradient", 0, ("L1", 2), False)
    run = recorded(snapshot, [1.0, 0.5, float("nan"), 0.25])
    run.begin_epoch(0, 0, 100)
    for epoch in range(1, 13):
        validation = {"val_loss": float("nan")} if epoch % 5 == 0 else {}
        run.end_epoch(100 * epoch, epoch, {"loss": 1 / epoch, "accuracy": 1 - 1 / (2 * epoch)} | validation, 100)
    run.begin_epoch(1_234, 12.34, 50)
    for step, rate in ((0, 0.03), (420, 0.3), (1_000, 0.003)):
        run.record_hyperparameters(step, {"learning_rate": rate, "batch_size": 32.0})
    return snapshot_frame(snapshot, run, dense_graph(2, 4, 1), scenery, status, wish)


def digits():
    sizes = (784, 64, 10)
    tensors = dense_tensors(sizes, sample=5)
    tensors[TensorKey("activation", "L2", sample=5)] = np.float32([1, 2, 3, 4, 13, 20, 7, 6, 5, 3]) / np.float32(64)
    snapshot = Snapshot(Moment(7), {"loss": 2.25}, {"learning_rate": 0.001}, tensors, (5,), 1)
    scenery = Scenery((ramp(12, 784, low=0.0),), np.arange(12) % 10, task=SEVERAL, image_shape=(28, 28))
    status = Status(
        "finished", Moment(7), 40, None, "SGD", ("start", "run_steps"), generation=2, ending="a callback asked to stop"
    )
    return snapshot_frame(
        snapshot, recorded(snapshot, [2.5, 2.25]), dense_graph(*sizes), scenery, status, Wish("signal", 5, ("L1", 63))
    )


FOUND = (
    Finding("nan", Place("layer", "L1", "<b>"), 8, 9, "fault", 0.0, 0.0),
    Finding("plateau", Place("loss"), 8, 9, "fault", 1.0, 0.98, because_of="nan"),
    Finding("unshuffled", Place("data"), 0, 3, "warning", 1.0, 0.9, is_over=True),
    Finding(
        "dead_relu", Place("layer", "L1", "dense_1", (0, 4)), 0, 9, "note", 0.4, 0.5, says={"count": 2, "units": 5}
    ),
    Finding("a rule of one's own", Place("schedule"), 9, 9, "warning", 1.25e-5, 0.5),
    *[Finding("plateau", Place("loss"), 9, 9, "fault", 1.0, 0.98, because_of="a rule of one's own")] * 20,
)


def nan_everywhere():
    tensors = dense_tensors((3, 5, 2), fill=np.nan)
    tensors[TensorKey("weight", "L1", "bias")] = np.float32([np.inf, -np.inf, np.nan, 0.0, -0.0])
    tensors[TensorKey("field", "L1")] = np.zeros((5, 4, 4), np.uint8)
    tensors[TensorKey("field_range", "L1")] = np.float32([0.0, 0.0])
    snapshot = Snapshot(Moment(9), {"loss": float("nan"), "mae": float("inf")}, {"learning_rate": 1e30}, tensors, (0,))
    problem = Problem("ValueError: ☠ <b>", "Traceback\n")
    status = Status(
        "failed",
        Moment(9),
        optimizer="Adam",
        commands=("start",),
        problem=problem,
        first_bad=FirstBad("dense_1/kernel", Moment(8, 1, 2), 5, 7, "loss"),
        generation=1,
        findings=FOUND,
    )
    scenery = Scenery((np.full((2, 3), np.nan, np.float32),), np.float32([np.nan, 1.0]), task=Task("numbers"))
    run = recorded(snapshot, [float("inf"), float("nan")])
    return snapshot_frame(snapshot, run, dense_graph(3, 5, 2), scenery, status, Wish(selection=("L2", 1)))


def empty_model():
    graph = NetworkGraph("empty", (), (), (), (), 0, 0, is_built=False)
    snapshot = Snapshot(Moment())
    return snapshot_frame(snapshot, recorded(snapshot), graph, Scenery(), Status(), Wish())


def scenery_with_points():
    scenery = Scenery(
        (ramp(9, 2, low=-2.0, high=2.0),),
        np.arange(9) % 3,
        (ramp(4, 2),),
        np.arange(4) % 3,
        ("x₁", "<script>"),
        ("no", "yes", "maybe"),
        SEVERAL,
    )
    return scenery_frame(scenery, 1)


def scenery_with_thumbnails():
    scenery = Scenery((ramp(12, 64, low=0.0, high=16.0),), np.arange(12) % 5, task=SEVERAL, image_shape=(8, 8))
    return scenery_frame(scenery, 2)


CASES = {
    case.__name__: case
    for case in (moons, digits, nan_everywhere, empty_model, scenery_with_points, scenery_with_thumbnails)
}


def plain(value):
    """A number as JSON has it."""
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value


def described(data):
    """What is in a frame, as JSON."""
    frame = decode_frame(data)
    sections = [
        {
            "quantity": section.quantity,
            "layer": section.layer,
            "name": section.name,
            "dtype": section.values.dtype.name,
            "shape": list(section.values.shape),
            "attributes": dict(section.attributes),
            "values": [plain(value) for value in section.values.ravel().tolist()],
        }
        for section in frame.sections
    ]
    return {"header": dict(frame.header), "sections": sections}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for case_name, build in CASES.items():
        data = build()
        (FOLDER / f"{case_name}.bin").write_bytes(data)
        text = json.dumps(described(data), allow_nan=False, ensure_ascii=False)
        (FOLDER / f"{case_name}.json").write_text(text + "\n", encoding="utf-8")
