"""An optimiser, its slots and its hyperparameters as plain arrays and numbers; and the step as Keras would take it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.one_batch.slopes import on_host
from nnvis_widget.keras_adapter.past_weights import Pairs, value_of
from nnvis_widget.keras_adapter.torch_modules import without_gradients
from nnvis_widget.workings.optimizers import RULES, StepFacts

KERAS_STEP, TAKEN_STEP = "Keras' own step", "the step that was taken"
SHARED = ("average", "gradient_accumulator")


class NextStep:
    """The step that an optimiser would take with some gradients; neither it nor the model is changed.

    Another optimiser of the same config takes it, on copies of the variables, with copies of the slots. One that was
    never used has no slots yet; the other has those of the beginning.

    Args:
        model: A compiled model.
        gradients: Of its trainable variables, by their `id`.

    Attributes:
        against: Where `after` comes from.

    Raises:
        ModelError: If Keras itself cannot take the step.
    """

    def __init__(self, model: Any, gradients: Mapping[int, np.ndarray]) -> None:
        self.against = KERAS_STEP
        self.optimizer = getattr(model.optimizer, "inner_optimizer", None) or model.optimizer
        self.gradients = gradients
        self._variables = everything = list(model.trainable_variables)
        if not any(id(one) in gradients for one in everything):
            raise ModelError(phrase("no weight of the model takes part in the loss."))
        try:
            twin, copies = _twin(self.optimizer, everything)
            self._slots_by_name = {one.name: on_host(one) for one in twin.variables}
            self.step, self.rate = int(on_host(twin.iterations)), float(on_host(twin.learning_rate))
            self._after = _take(twin, copies, everything, gradients)
        except Exception as error:  # an optimiser of a person's own may raise anything
            raise ModelError(
                phrase(
                    "{name} cannot take the step on a copy ({kind}: {error}).",
                    name=self.name,
                    kind=type(error).__name__,
                    error=error,
                )
            ) from error

    @property
    def name(self) -> str:
        """The class of the optimiser."""
        return type(self.optimizer).__name__

    @property
    def is_known(self) -> bool:
        """Whether its rule is written out."""
        return self.name in RULES and str(type(self.optimizer).__module__).partition(".")[0] == "keras"

    @property
    def pairs(self) -> Pairs:
        """The variables that it changes, each with what it makes of it."""
        return [(one, self._after[id(one)]) for one in self._variables]

    def take(self) -> None:
        """The step was taken: what the variables hold now is what it made of them."""
        self._after = {id(one): on_host(one.value) for one in self._variables}
        self.against = TAKEN_STEP

    def after(self, variable: Any) -> np.ndarray:
        """What the step makes of a variable."""
        return self._after[id(variable)]

    def facts(self, variable: Any, part: Any, decays: bool = True) -> StepFacts:
        """What the arithmetic of a variable's update is told.

        Args:
            variable: The variable.
            part: An index of the part of it that is asked for.
            decays: Whether weight decay is for it.
        """
        gradient = np.asarray(self.gradients[id(variable)], np.float64)
        slots = {name: value[part] if value.ndim else value for name, value in self._slots(variable).items()}
        squares = [float(np.square(np.asarray(one, np.float64)).sum()) for one in self.gradients.values()]
        return StepFacts(
            name=self.name,
            weights=on_host(value_of(variable))[part],
            gradient=gradient[part],
            slots=slots,
            config=self.optimizer.get_config(),
            rate=self.rate,
            step=self.step,
            batches=int(self._slots_by_name.get("iteration", self.step)),
            norm=float(np.sqrt(np.square(gradient).sum())),
            global_norm=float(np.sqrt(sum(squares))),
            decays=decays,
        )

    def _slots(self, variable: Any) -> dict[str, np.ndarray]:
        """By name: Keras calls a slot after the variable's path; what belongs to no variable by its own name."""
        start, found = f"{variable.path.replace('/', '_')}_", {}
        for name in (*RULES[self.name][1], *SHARED):
            value = self._slots_by_name.get(start + name)
            if value is not None and value.shape == tuple(variable.shape):
                found[name] = value
        if self.name == "Nadam":
            found["u_product"] = self._product_of_momenta()
        return found

    def _product_of_momenta(self) -> np.ndarray:
        """What Nadam keeps of its momenta: the one scalar that is neither step nor rate."""
        known = ("iteration", "learning_rate")
        own = [value for name, value in self._slots_by_name.items() if not value.ndim and name not in known]
        if len(own) == 1:
            return own[0]
        first = float(self.optimizer.beta_1)
        return np.asarray(np.prod([first * (1 - 0.5 * 0.96**one) for one in range(1, self.step + 1)]))


def _copy(variable: Any) -> Any:
    """A variable of the same value and path: optimisers name their slots by that."""
    *scopes, name = variable.path.split("/")
    with ExitStack() as stack:
        for scope in scopes:
            stack.enter_context(keras.name_scope(scope))
        copy = keras.Variable(on_host(variable.value), dtype=variable.dtype, name=name)
    copy.constraint = variable.constraint
    return copy


def _take(
    twin: Any, copies: Sequence[Any], variables: Sequence[Any], gradients: Mapping[int, np.ndarray]
) -> dict[int, np.ndarray]:
    """What the step makes of each variable, by its `id`."""
    reached = [place for place, one in enumerate(variables) if id(one) in gradients]
    slopes = [
        keras.ops.convert_to_tensor(gradients[id(variables[place])], dtype=variables[place].dtype) for place in reached
    ]
    with without_gradients():
        twin.apply(slopes, [copies[place] for place in reached])
    return {id(one): on_host(copy.value) for one, copy in zip(variables, copies, strict=True)}


def _twin(optimizer: Any, variables: Sequence[Any]) -> tuple[Any, list[Any]]:
    """Another optimiser with the same config and the same slots, and copies of the variables that it is for."""
    copies = [_copy(one) for one in variables]
    twin = type(optimizer).from_config(optimizer.get_config())
    twin.build(copies)
    if optimizer.built:
        for ours, theirs in zip(twin.variables, optimizer.variables, strict=True):
            ours.assign(theirs.value)
    return twin, copies
