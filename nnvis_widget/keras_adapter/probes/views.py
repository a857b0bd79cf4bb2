"""What somebody has told to draw of a layer, and to measure of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Protocol

import numpy as np

from nnvis_widget.core.face import OF_OUTPUTS, Face
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.want import Want, Wants, samples_of
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.probes.activations import probe_rows
from nnvis_widget.keras_adapter.probes.probe import Probe, Tensors
from nnvis_widget.keras_adapter.readings import face_of, output_face
from nnvis_widget.keras_adapter.taps import Tap


class Attempt(Protocol):
    """Tries what may fail; what fails is told once."""

    def __call__(self, name: str, act: partial[Face | None]) -> Face | None:
        """What `act` gives; `None` where it fails."""
        ...


class ViewProbe:
    """`view` of one layer, in a pass of its own. What has failed once is not asked again."""

    def __init__(self, layer: str, name: str, face: Face) -> None:
        self.name = name
        self._layer, self._face = layer, face
        self._fault: Exception | None = None

    def answers(self, want: Want) -> bool:
        """`view` of the layer, for a sample."""
        return want.quantity == "view" and want.sample is not None and want.is_of(self._layer)

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """Float32 `(rows * columns * count,)` of each sample."""
        if self._fault is not None:
            raise self._fault
        samples = samples_of(wants)
        try:
            rows = _read(forward, self._layer, samples) if forward.scenery.sample_count else np.zeros(0)
            if rows.size and face_of(forward.within.views[self._layer], rows.shape[1:]).shape != self._face.shape:
                raise ModelError(f"expected {self._face.shape} again, got the shape {rows.shape[1:]} for one sample")
        except Exception as error:
            self._fault = error
            raise
        return {
            TensorKey("view", self._layer, sample=sample): np.array(rows[row], np.float32).reshape(-1)
            for row, sample in enumerate(samples if rows.size else ())
        }


class NumberProbe:
    """`number` of one layer and name over the probe batch. What has failed once is not asked again."""

    def __init__(self, layer: str, number: str, name: str) -> None:
        self.name = name
        self._layer, self._number = layer, number
        self._fault: Exception | None = None

    def answers(self, want: Want) -> bool:
        """`number` of the layer."""
        return want.quantity == "number" and want.is_of(self._layer)

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """Float64 `(1,)`."""
        if self._fault is not None:
            raise self._fault
        rows = probe_rows(forward)
        if not rows:
            return {}
        tap = Tap(f"number {self._number}", self._layer)
        try:
            outputs = forward.run([tap], forward.scenery.batch(rows))
            if outputs is None or tap not in outputs:
                raise ModelError("expected a number for each sample, got another first axis")
        except Exception as error:
            self._fault = error
            raise
        mean = np.mean(outputs.value(tap), dtype=np.float64)
        return {TensorKey("number", self._layer, self._number): np.array([mean])}


def proven_faces(forward: Forward, structure: NetworkStructure, attempt: Attempt) -> dict[str, Face]:
    """The faces of the layers of which somebody has told them, each read of one sample; none of what fails.

    Args:
        forward: The way through the model.
        structure: The model at every depth.
        attempt: Tries to read one.
    """
    faces = {
        layer: attempt(_of_layer("view", structure, layer), partial(_proven, forward, structure, layer))
        for layer in forward.within.views
    }
    return {layer: face for layer, face in faces.items() if face is not None}


def own_probes(forward: Forward, structure: NetworkStructure, faces: Mapping[str, Face]) -> Iterator[Probe]:
    """One for each view that is no output, and for each number."""
    for layer, face in faces.items():
        if not face.is_output:
            yield ViewProbe(layer, _of_layer("view", structure, layer), face)
    for layer, numbers in forward.within.numbers.items():
        for number in numbers:
            yield NumberProbe(layer, number, _of_layer(f"number {number!r}", structure, layer))


def _proven(forward: Forward, structure: NetworkStructure, layer: str) -> Face | None:
    view = forward.within.views[layer]
    if view.read is None and view.face in OF_OUTPUTS:
        return output_face(view, structure.layer(layer))
    if not forward.scenery.sample_count:
        return None
    return face_of(view, _read(forward, layer, (0,)).shape[1:])


def _read(forward: Forward, layer: str, samples: tuple[int, ...]) -> np.ndarray:
    tap = Tap("view", layer)
    outputs = forward.run([tap], forward.scenery.batch(samples))
    if outputs is None or tap not in outputs:
        raise ModelError("expected the samples as its first axis, got another one, or the layer was not called once")
    return outputs.value(tap)


def _of_layer(what: str, structure: NetworkStructure, layer: str) -> str:
    return f"{what} of layer {structure.layer(layer).path!r}"
