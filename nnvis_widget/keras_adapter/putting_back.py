"""Putting back what a person's own code in a model has moved."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from threading import Lock, Thread, current_thread
from typing import Any

import keras
import numpy as np

from nnvis_widget.keras_adapter.own_code import OwnCode, attributes_of
from nnvis_widget.keras_adapter.torch_modules import is_module, is_torch

MOST_ELEMENTS = 65_536
SEEDING = Lock()
BUILT = (keras.layers.Layer, keras.Variable, keras.Metric, keras.random.SeedGenerator)


@contextmanager
def put_back(code: OwnCode) -> Iterator[None]:
    """Within it attributes, what they hold, and random generators may move; afterwards they are as before.

    Only what the code itself sets, uses or draws from: what another thread does meanwhile to anything else stays.
    """
    restore = _restorers_of_random(code.draws)
    for own in code.parts:
        attributes = getattr(own.part, "__dict__", {})
        restore += [_restorer(value) for name, value in attributes_of(own.part).items() if name in own.uses]
        restore.append(partial(_set_back, attributes, own.sets, dict(attributes)))
        if is_module(own.part):
            restore.append(partial(_register, own.part, dict(own.part.named_buffers(recurse=False))))
    try:
        yield
    finally:
        for act in restore:
            act()


@contextmanager
def random_put_back() -> Iterator[None]:
    """Within it Python's and numpy's global generators may move; afterwards they are as before."""
    restore = _restorers_of_random({"python", "numpy"})
    try:
        yield
    finally:
        for act in restore:
            act()


def on_a_thread(function: Callable[[Any], Any], argument: Any) -> Any:
    """What a function gives that is called on a thread of its own, where Keras has no generator yet and leaves none.

    Keras makes one for each thread when a number without a seed is first drawn there, and seeds it from Python's. That
    is done here at once, and not from Python's, from which another thread may draw at the same time.
    """
    results: list[Any] = []
    errors: list[BaseException] = []

    def call() -> None:
        try:
            with seeds_of_its_own():
                keras.random.uniform(())
            results.append(function(argument))
        except BaseException as error:
            errors.append(error)

    thread = Thread(target=copy_context().run, args=(call,), name="nnvis-pass", daemon=True)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


@contextmanager
def seeds_of_its_own(seed: int = 0) -> Iterator[None]:
    """Within it `random.randint`, by which Keras makes seeds, draws from another generator on this thread alone."""
    this, own = current_thread(), random.Random(seed)
    with SEEDING:
        plain = random.randint
        random.randint = lambda a, b: (own.randint if current_thread() is this else plain)(a, b)
        try:
            yield
        finally:
            random.randint = plain


def _restorers_of_random(draws: Collection[str]) -> list[Callable[[], object]]:
    restore: list[Callable[[], object]] = []
    if "python" in draws:
        restore.append(partial(random.setstate, random.getstate()))
    if "numpy" in draws:
        restore.append(partial(np.random.set_state, np.random.get_state()))
    return restore


def _set_back(attributes: dict[str, Any], names: frozenset[str], before: dict[str, Any]) -> None:
    for name in names & attributes.keys():
        value = attributes[name]
        if name in before and value is not before[name]:
            if not isinstance(value, BUILT):  # what was built in the first call stays
                attributes[name] = before[name]
        elif name not in before and not isinstance(value, BUILT):
            del attributes[name]


def _register(module: Any, buffers: dict[str, Any]) -> None:
    for name, buffer in buffers.items():
        setattr(module, name, buffer)


def _restorer(value: Any) -> Callable[[], object]:
    """Gives a container, an array, a generator, a variable or a tensor what it holds now."""
    match value:
        case np.random.Generator():
            return partial(setattr, value.bit_generator, "state", value.bit_generator.state)
        case np.random.RandomState():
            return partial(value.set_state, value.get_state())
        case random.Random():
            return partial(value.setstate, value.getstate())
        case list():
            return partial(list.__setitem__, value, slice(None), list(value))
        case dict():
            return partial(_refill, dict, value, dict(value))
        case set():
            return partial(_refill, set, value, set(value))
        case np.ndarray() if value.size <= MOST_ELEMENTS and value.flags.writeable:
            return partial(np.copyto, value, value.copy())
        case _ if type(value).__module__.startswith("tensorflow.") and hasattr(value, "assign"):
            return partial(value.assign, value.numpy())
        case _ if is_torch() and type(value).__module__.partition(".")[0] == "torch":
            return _restorer_of_torch(value)
    return lambda: None


def _restorer_of_torch(value: Any) -> Callable[[], object]:
    if hasattr(value, "get_state"):
        return partial(value.set_state, value.get_state())
    if hasattr(value, "copy_") and not value.requires_grad and value.numel() <= MOST_ELEMENTS:
        return partial(value.copy_, value.clone())
    return lambda: None


def _refill(kind: Any, container: Any, before: Any) -> None:
    # by the plain type's methods: Keras' own containers take what comes and goes for layers and variables
    if container != before:
        kind.clear(container)
        kind.update(container, before)
