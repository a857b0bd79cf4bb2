"""Answering of kept steps what they were never asked: with the weights of then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from nnvis_widget.core.drawings import is_drawn
from nnvis_widget.core.pages import in_own_pages
from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.core.want import Wants, samples_of
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.own_code import read_own_code
from nnvis_widget.keras_adapter.past_weights import weights_of
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.torch_modules import has_foreign_weights
from nnvis_widget.run.lacking import lacking
from nnvis_widget.run.run import Run


class LookingBack:
    """Fills kept snapshots up. One is made for each model.

    What was measured then stays. What the weights of then cannot tell (they are not all kept, or not finite; code of a
    person's own uses more than weights) is asked for once.

    Args:
        run: Where the snapshots are.
        forward: The way through the model.
        measure: The probes' answers to some wants.
    """

    def __init__(self, run: Run, forward: Forward, measure: Callable[[Wants], Tensors]) -> None:
        self._run = run
        self._forward = forward
        self._measure = measure
        self._unanswered: set[tuple[int, Wants]] = set()

    @cached_property
    def _is_told_by_weights(self) -> bool:
        model = self._forward.model
        return not has_foreign_weights(model) and all(part.is_told_by_weights for part in read_own_code(model).parts)

    def answer(self, step: int, wants: Wants) -> Snapshot | None:
        """The snapshot of a step with what it lacked; `None` where it lacks nothing, or cannot be helped.

        Cost: a forward pass, and a backward pass where gradients are wanted, not compiled (20-60 ms for 784-64-10).
        """
        snapshot = self._run.at(step)
        lacked = lacking(snapshot, wants)
        asked = snapshot.revision, lacked
        if not lacked or snapshot.step != step or asked in self._unanswered or not self._is_told_by_weights:
            return None
        forward = self._forward
        with forward.look(), weights_of(snapshot, forward.model, forward.operations) as is_whole:
            answers = self._measure(lacked) if is_whole else {}
        given_up = {sample for sample in snapshot.samples if is_drawn(sample)} - {*samples_of(wants)}
        kept = {key: tensor for key, tensor in snapshot.tensors.items() if key.sample not in given_up}
        tensors = {key: in_own_pages(tensor) for key, tensor in answers.items()} | kept
        samples = tuple(sorted({*snapshot.samples, *samples_of(lacked)} - given_up))
        answered = replace(snapshot, tensors=tensors, samples=samples)
        if not answers:
            self._unanswered.add(asked)
        return answered if answers else None
