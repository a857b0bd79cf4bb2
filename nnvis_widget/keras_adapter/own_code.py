"""The code in a model that is no library's, and what it touches besides Keras' variables."""

from __future__ import annotations

import dis
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

import keras
import numpy as np

from nnvis_widget.keras_adapter.torch_modules import is_module, own_tensors

# Ours too: the one layer of the lessons cannot be changed once it is made.
LIBRARIES = ("builtins", "keras", "tensorflow", "jax", "jaxlib", "torch", "numpy", "nnvis_widget")
NOT_IN_A_PASS = ("__init__", "build", "get_config", "from_config", "compute_output_shape", "compute_output_spec")
UNMOVED = (keras.layers.Layer, keras.Variable, FunctionType, ModuleType, type, str, int, float, tuple, type(None))
OF_KERAS = (keras.layers.Layer, keras.Variable, keras.random.SeedGenerator, FunctionType, type(None))
COMPUTING = (
    FunctionType,
    keras.Loss,
    keras.Metric,
    keras.Regularizer,
    keras.optimizers.schedules.LearningRateSchedule,
)
GENERATORS = {
    "random": "python",
    "numpy.random": "numpy",
    "keras.random": "keras",
    "keras._tf_keras.keras.random": "keras",
    "tensorflow._api.v2.random": "tensorflow",
}


@dataclass(frozen=True)
class OwnPart:
    """A layer, or what it computes with, of which a person wrote the code.

    Attributes:
        part: The object.
        uses: Names that the code uses, attributes among them.
        sets: Attributes that it sets.
        is_pure: Whether it can be run as often as one likes and nothing tells of it: nothing set, kept or printed.
    """

    part: Any
    uses: frozenset[str]
    sets: frozenset[str]
    is_pure: bool

    @property
    def is_told_by_weights(self) -> bool:
        """Whether the code uses nothing of its object but weights and layers: then weights of then tell it whole."""
        if not isinstance(self.part, keras.layers.Layer):
            return False
        return all(isinstance(held, OF_KERAS) for name, held in attributes_of(self.part).items() if name in self.uses)


@dataclass(frozen=True)
class OwnCode:
    """All of a model.

    Attributes:
        parts: None where all code is that of libraries.
        draws: Whose random numbers it draws: `python`, `numpy`, `keras` (without a seed), `tensorflow`.
    """

    parts: tuple[OwnPart, ...]
    draws: frozenset[str]

    @property
    def is_pure(self) -> bool:
        """Whether every part is, and no random number is drawn."""
        return not self.draws and all(part.is_pure for part in self.parts)


def read_own_code(model: Any, beside: Mapping[int, Sequence[Any]] | None = None) -> OwnCode:
    """Read it from its compiled form. What is reached through other objects and global variables is not known.

    Args:
        model: The model, or something of what it computes with, such as the schedule of its rate.
        beside: By the `id` of a layer functions that are called with it, besides its own.
    """
    parts, draws = [], set()
    for part in _parts_of(model):
        functions = [*_functions_of(part)]
        for other in (beside or {}).get(id(part), ()):
            functions += _functions_of(other)
        pairs = [(code, function.__globals__) for function in functions for code in _codes_in(function)]
        if not pairs:
            continue
        uses = frozenset(name for code, _ in pairs for name in code.co_names)
        sets = frozenset(
            each.argval for code, _ in pairs for each in dis.get_instructions(code) if each.opname == "STORE_ATTR"
        )
        reached = [globals_[name] for code, globals_ in pairs for name in code.co_names if name in globals_]
        reached += [value for name, value in attributes_of(part).items() if name in uses]
        is_closed = all(set(code.co_freevars) <= {"__class__"} for code, _ in pairs)
        is_quiet = is_closed and not sets and "print" not in uses
        parts.append(OwnPart(part, uses, sets, is_quiet and all(isinstance(one, UNMOVED) for one in reached)))
        draws |= {kind for code, names in pairs for kind in _draws_in(code, names)}
    return OwnCode(tuple(parts), frozenset(draws))


def attributes_of(part: Any) -> dict[str, Any]:
    """What an object holds by name; of a module of torch its own parameters and buffers, too."""
    return {**getattr(part, "__dict__", {}), **own_tensors(part)}


def _parts_of(model: Any) -> Iterator[Any]:
    """The model, its layers and modules, theirs and so on, and the functions and objects that they compute with."""
    known: set[int] = set()
    waiting = [model]
    while waiting:
        part = waiting.pop()
        if id(part) in known:
            continue
        known.add(id(part))
        if isinstance(part, keras.layers.Layer) or is_module(part):
            yield part
            waiting.extend(value for name, value in vars(part).items() if name not in NOT_IN_A_PASS)
        elif isinstance(part, list | tuple):
            waiting.extend(part)
        elif isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, COMPUTING):
            yield part


def _functions_of(part: Any) -> Iterator[FunctionType]:
    """A person's own functions that a pass through it may call, and those that they name."""
    methods = (
        []
        if isinstance(part, FunctionType)
        else [
            value
            for kind in type(part).__mro__
            if _is_own(kind)
            for name, value in vars(kind).items()
            if isinstance(value, FunctionType) and name not in NOT_IN_A_PASS
        ]
    )
    known: set[int] = set()
    waiting = [part] if isinstance(part, FunctionType) else methods
    while waiting:
        function = waiting.pop()
        if id(function) in known or not _is_own(function):
            continue
        known.add(id(function))
        yield function
        named = [function.__globals__.get(name) for code in _codes_in(function) for name in code.co_names]
        waiting.extend(value for value in named if isinstance(value, FunctionType))


def _is_own(value: Any) -> bool:
    return str(getattr(value, "__module__", "")).partition(".")[0] not in LIBRARIES


def _codes_in(function: FunctionType) -> Iterator[CodeType]:
    waiting = [function.__code__]
    while waiting:
        code = waiting.pop()
        yield code
        waiting.extend(constant for constant in code.co_consts if isinstance(constant, CodeType))


def _draws_in(code: CodeType, names: dict[str, Any]) -> Iterator[str]:
    """The generators that are reached by a name, by attributes of a module, or by an import on the spot."""
    value: Any = None
    for each in dis.get_instructions(code):
        if each.opname == "IMPORT_NAME" and each.argval in ("random", "numpy", "numpy.random"):
            yield "python" if each.argval == "random" else "numpy"
        if each.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            value = names.get(each.argval)
        elif each.opname in ("LOAD_ATTR", "LOAD_METHOD") and isinstance(value, ModuleType):
            value = getattr(value, each.argval, None)
        else:
            continue
        kind = GENERATORS.get(value.__name__) if isinstance(value, ModuleType) else _kind_of(value)
        if kind is not None:
            yield kind


def _kind_of(function: Any) -> str | None:
    owner = getattr(function, "__self__", None)
    if isinstance(owner, random.Random):
        return "python"
    if isinstance(owner, np.random.RandomState):
        return "numpy"
    module = str(getattr(function, "__module__", ""))
    return {"keras.src.random": "keras", "tensorflow.python.ops.random_ops": "tensorflow"}.get(
        module if module.startswith("tensorflow") else module.rpartition(".")[0]
    )
