"""What a unit learns of a sample: δ, ∂L/∂w, and how the optimiser would move its weights."""

from __future__ import annotations

import json
from time import perf_counter
from typing import Any

import keras
import numpy as np

from nnvis_widget.control.cadence import Cadence
from nnvis_widget.core.drawings import is_drawn
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants
from nnvis_widget.core.words.language import LANGUAGE
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import DataError, ModelError
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.one_batch.batch_pass import BatchPass, pass_batch
from nnvis_widget.keras_adapter.one_batch.read_arithmetic import tell
from nnvis_widget.keras_adapter.past_weights import past_weights
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.read.roles import keras_kind
from nnvis_widget.keras_adapter.steering import optimizer_name
from nnvis_widget.run.lacking import LEARNT
from nnvis_widget.stream.attention_message import attention_message
from nnvis_widget.stream.learning_message import learning_message, nothing_told
from nnvis_widget.workings.arithmetic import Arithmetic

RATE_HZ, SHARE = 2.0, 0.01
MOST_NUMBERS = 2**24
"""That the layers put out for a batch together: of a large network the batch is smaller than that of a step."""
OTHER_IN_STEPS = ("BatchNormalization", "GaussianNoise", "SpectralNormalization")


class LearningProbe:
    """`learning`: the arithmetic of a unit for a sample and the batch that it is in, as `nv.arithmetic` tells it.

    Of a network that puts out more than half a million numbers for a sample the batch has fewer samples.

    `latex` and `numpy`: the same as texts, to be copied. While steps are taken only of a small model, and within one
    part in a hundred of the time; snapshots between have none.
    """

    name = "learning of a unit"

    def __init__(self) -> None:
        self._cadence = Cadence(RATE_HZ, SHARE)

    def answers(self, want: Want) -> bool:
        """All three are of a layer, a unit and a sample."""
        return want.quantity in LEARNT and None not in (want.layer, want.unit, want.sample)

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """Texts in UTF-8, in the language of now; of what cannot be told `learning` says why.

        Cost: a pass forward and one backward of a batch, not compiled (20 to 50 ms for 784-64-10).
        """
        start_s = perf_counter()
        is_in_haste = not forward.is_at_rest and not past_weights()
        forward.is_owed = is_in_haste
        if is_in_haste and not self._cadence.is_due(start_s):
            return {}
        passed: dict[int, BatchPass] = {}
        tensors: Tensors = {}
        language = LANGUAGE.of_words
        wants = frozenset(want for want in wants if want.language == language)
        for layer, unit, sample, place in sorted({_subject(want) for want in wants}, key=str):
            asked = {want.quantity for want in wants if _subject(want) == (layer, unit, sample, place)}
            told, reason = None, None
            if is_in_haste and not forward.graph.is_small:
                reason = say("learningAtRest")
            elif is_drawn(sample):
                reason = say("learningOfDrawing")
            else:
                try:
                    told = _told(forward, passed, layer, unit, sample, place)
                except (ModelError, DataError) as error:
                    reason = str(error)
            message = _message(forward, told, layer, unit, sample, reason)
            texts = {"learning": json.dumps(message, allow_nan=False)}
            if told is not None:
                texts |= {"latex": told.to_latex()} if "latex" in asked else {}
                texts |= {"numpy": told.to_numpy()} if "numpy" in asked else {}
            name = Want("learning", layer, unit, place=place, language=language).name
            for quantity in asked & texts.keys():
                text = np.frombuffer(texts[quantity].encode(), np.uint8)
                tensors[TensorKey(quantity, layer, name, sample)] = text
        if is_in_haste:
            self._cadence.done(start_s, perf_counter() - start_s)
        return tensors if language == LANGUAGE.of_words else {}  # it was switched meanwhile


def _subject(want: Want) -> tuple[str, int, int, tuple[int, int] | None]:
    return want.layer or "", want.unit or 0, want.sample or 0, want.place


def _told(
    forward: Forward,
    passed: dict[int, BatchPass],
    layer: str,
    unit: int,
    sample: int,
    place: tuple[int, int] | None,
) -> Arithmetic:
    operation = forward.operations.get(layer)
    if operation is None:
        raise ModelError(say("learningNoLayer"))
    unit, position = _position(forward, layer, unit, place)
    if sample not in passed:
        numbers = sum(one.element_count for one in forward.whole_graph.layers)
        size = min(forward.step_size, MOST_NUMBERS // max(1, numbers))
        passed[sample] = pass_batch(forward, sample, max(1, size))
    return tell(passed[sample], operation, unit, position, sample=sample)


def _position(
    forward: Forward, layer: str, unit: int, place: tuple[int, int] | None
) -> tuple[int, tuple[int, ...] | None]:
    """A unit and a place as `nv.arithmetic` counts them.

    Raises:
        ModelError: If what a view calls a unit is none of the layer's last axis, or a head without a place of its own.
    """
    attention = forward.within.attending.get(layer)
    if attention is not None:
        if not attention.is_whole:
            raise ModelError(say("attentionOfBlocks"))
        if place is None:
            raise ModelError(say("attentionNoPlace"))
        return 0, place[:1]  # what all heads find goes into every unit
    known = next((one for one in forward.whole_graph.layers if one.id == layer), None)
    if known is None:
        return unit, None
    shape = tuple(size for size in known.output_shape[0][1:]) if len(known.output_shape) == 1 else ()
    if known.channels == "first" or (known.face is not None and not known.face.is_output):
        raise ModelError(say("learningNoUnit"))
    if known.map_shape is not None:
        if place is None:
            return unit, None
        if known.mosaic is not None:
            return unit, known.mosaic.place(*place)
        return unit, place if len(shape) == 3 else place[-1:]
    sizes = [size for size in shape if size is not None]
    if len(shape) < 2 or len(sizes) < len(shape):
        return unit, None
    *position, last = np.unravel_index(unit, sizes)
    return int(last), tuple(map(int, position))


def _message(
    forward: Forward, told: Arithmetic | None, layer: str, unit: int, sample: int, reason: str | None
) -> dict[str, Any]:
    if told is None:
        return nothing_told(sample, reason or "")
    if layer in forward.within.attending:
        return attention_message(told, unit)
    message = learning_message(told, optimizer_name(forward.model))
    return {**message, "isOtherwise": told.is_training and _does_otherwise(forward)}


def _does_otherwise(forward: Forward) -> bool:
    """Whether in a step something of the model computes otherwise than where it is only looked at."""
    layers = [one for one in forward.operations.values() if isinstance(one, keras.layers.Layer)]
    kinds = map(keras_kind, layers)
    return any("Dropout" in kind or kind.startswith("Random") or kind in OTHER_IN_STEPS for kind in kinds) or any(
        getattr(one, "dropout", 0) or getattr(one, "recurrent_dropout", 0) for one in layers
    )
