"""The step that a training is about to take: gone through once, before it is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.snapshot import Moment
from nnvis_widget.core.words.kept_text import kept_text
from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.errors import DataError, ModelError
from nnvis_widget.keras_adapter.arrays import count_of, is_text
from nnvis_widget.keras_adapter.fingerprint import Structure
from nnvis_widget.keras_adapter.one_batch.batch_pass import BatchPass, lacks_loss, loss_function, no_loss, what_came_out
from nnvis_widget.keras_adapter.one_batch.facts_of_step import NextStep
from nnvis_widget.keras_adapter.one_batch.heads import heads_of
from nnvis_widget.keras_adapter.one_batch.read_arithmetic import find_layer, tell
from nnvis_widget.keras_adapter.one_batch.slopes import loss_with, run
from nnvis_widget.keras_adapter.one_batch.updates import lacks_step
from nnvis_widget.keras_adapter.past_weights import Pairs, weights_are
from nnvis_widget.keras_adapter.read.read_structure import read_structure
from nnvis_widget.keras_adapter.state import TrainedState
from nnvis_widget.keras_adapter.torch_modules import generator_put_back, has_foreign_weights, set_generator
from nnvis_widget.workings.arithmetic import Arithmetic


class StepPass:
    """One batch gone through forward and backward in training mode, and what the optimiser would make of it.

    Nothing of the model moves: weights, slots, metrics and random states are afterwards as they were. Cost: what two
    steps cost that are not compiled, and two copies of the weights and slots.

    Args:
        model: A compiled and built model.
        batch: Inputs, targets and sample weights, as the training would get them; targets and weights may be `None`.
        indices: What its samples are called; `None` for their places in the batch.
        untaken: Why it can never be taken; then no update is told. `None` where it can.

    Attributes:
        batch: The pass.
        reading: The model's structure.
        loss: Of the batch, penalties included; `None` where none can be told.
        loss_after: The same on the same batch, with the weights after the step and the same random numbers.
        lacks_update: Why no update is told; `None` where it is.
        untaken: As given.
        is_taken: Whether the step was taken.
        has_names: Whether samples are called by their places in the data.
        may_differ: Whether somebody may change something just before it is taken.
        moment: Which step of the training it is, and how many batches its epoch has; told by whoever opens it.
        written: What a page was last told of a unit, behind what that was of.

    Raises:
        ModelError: If the model is not built, or cannot be run so.
        DataError: If the batch has rows of different lengths.
    """

    def __init__(
        self,
        model: Any,
        batch: tuple[Any, Any, Any],
        indices: Sequence[int] | np.ndarray | None = None,
        untaken: str | None = None,
    ) -> None:
        if not model.built:
            raise ModelError(
                f"Expected a model that is built, got {model.name!r}, which only its first batch builds. "
                "Take one step first: trainer.run_steps(1)."
            )
        x, y, sample_weight = batch
        try:
            inputs = [one if is_text(one) else keras.ops.convert_to_tensor(one) for one in keras.tree.flatten(x)]
        except (TypeError, ValueError) as error:
            raise DataError("Expected a batch of arrays, got sparse rows or rows of different lengths.") from error
        self._inputs = inputs
        count = count_of(x)
        self.model, self.reading, self.is_taken = model, read_structure(model), False
        self.may_differ, self.untaken = False, untaken
        self.moment: tuple[Moment, int | None] = (Moment(), None)
        self.written: tuple[object, Any] = (None, None)
        self._structure, self._state = Structure(model), TrainedState(model, builds=untaken is None)
        self.has_names = indices is not None
        rows = tuple(int(one) for one in (range(count) if indices is None else indices))
        lacking = lacks_loss(model, y is not None)
        self._function = partial(
            loss_function, model, partial(model, training=True), lambda: keras.tree.pack_sequence_as(x, inputs)
        )
        self._wanted = (y, sample_weight)
        if lacking is None:
            try:
                passed = run(model, self._function(y, sample_weight, True), inputs, has_loss=True, is_next=True)
            except ModelError:
                raise
            except Exception as error:  # a loss of a person's own may raise anything
                lacking = no_loss(error)
        if lacking is not None:
            passed = run(model, self._function(None, None, True), inputs, has_loss=False, is_next=True)
        heads = heads_of(model, what_came_out(passed), y, sample_weight) if lacking is None else ()
        self.batch = BatchPass(model, passed, rows, 0, True, heads, lacking)
        self.loss: float | None = passed.loss
        self.loss_after: float | None = None
        self._step: NextStep | None = None
        self.lacks_update = lacking or untaken or lacks_step(model)
        if self.lacks_update is None:
            try:
                self._step = NextStep(model, passed.gradients)
            except ModelError as error:
                self.lacks_update = kept_text(phrase, "No update is shown: {why}", why=str(error))
            else:
                self._measure_after()

    @property
    def sample(self) -> int:
        """The place in the batch of the sample that is told of."""
        return self.batch.row

    def look_at(self, sample: int) -> None:
        """Tell of another sample of the batch.

        Raises:
            DataError: If there is none.
        """
        count = len(self.batch.rows)
        if isinstance(sample, bool) or not isinstance(sample, int | np.integer) or not 0 <= sample < count:
            raise DataError(
                f"Expected sample as a place in the batch, a number from 0 to {count - 1}, got sample={sample!r}."
            )
        self.batch = replace(self.batch, row=int(sample))

    @property
    def weights(self) -> Pairs:
        """Every variable with what it held before the step."""
        return self._state.pairs

    @property
    def inputs(self) -> Sequence[Any]:
        """What the model was given, in the order of its inputs."""
        return self._inputs

    def after(self, variable: Any) -> np.ndarray | None:
        """What the step makes of a variable; `None` where no step is told, or it leaves it."""
        known = () if self._step is None else (one for one, _ in self._step.pairs)
        return self._step.after(variable) if self._step and any(one is variable for one in known) else None

    def arithmetic(
        self, layer: Any, unit: int = 0, position: Sequence[int] | int | None = None, use: int = 0
    ) -> Arithmetic:
        """What `nv.arithmetic` tells, of this step: the numbers before it was taken, also afterwards.

        Raises:
            ModelError: If there is no such layer, unit, position or use.
        """
        operation = find_layer(self.reading, self.model, layer)
        with weights_are(self.weights):
            called = self.batch.rows[self.batch.row]
            return tell(self.batch, operation, unit, position, use, sample=called, step=self._step, untold=self.untaken)

    def has_moved(self) -> bool:
        """Whether anything of the model is no longer as it was gone through: weights, slots, rates, random states."""
        return Structure(self.model) != self._structure or not self._state.is_current()

    def take(self) -> None:
        """The training has taken the step: the weights after it are now those that the model has."""
        self.is_taken = True
        if self._step is not None:
            self._step.take()
            self._measure_after()

    def restore(self) -> None:
        """Bring everything back to before the step, bit for bit."""
        self._state.restore(self.model)

    def _measure_after(self) -> None:
        assert self._step is not None
        if has_foreign_weights(self.model) and not self.is_taken:
            return  # modules of torch compute with the weights that they have
        changed = self._step.pairs
        known = {id(variable) for variable, _ in changed}
        rest = [(variable, value) for variable, value in self._state.pairs if id(variable) not in known]
        pairs = [
            (variable, keras.ops.convert_to_tensor(value, dtype=variable.dtype))
            for variable, value in (*changed, *rest)
            if id(variable) in self._own
        ]
        with generator_put_back():
            set_generator(self._state.generator)
            self.loss_after = loss_with(self.model, self._function(*self._wanted, True), pairs)

    @property
    def _own(self) -> set[int]:
        """The variables that the model computes with, those of its optimiser not among them."""
        return {id(variable) for variable in self.model.variables}
