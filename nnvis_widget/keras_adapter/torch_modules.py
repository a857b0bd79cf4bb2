"""What torch keeps of a model beside Keras' variables: the mode of each module, and buffers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import keras

from nnvis_widget.keras_adapter.arrays import is_text
from nnvis_widget.keras_adapter.read.parts import parts_of


def is_torch() -> bool:
    """Whether Keras computes with torch: there every layer is a module of torch, too."""
    return bool(keras.config.backend() == "torch")


def is_module(value: Any) -> bool:
    """Whether it is a module of torch, on torch."""
    if not is_torch():
        return False
    import torch

    return isinstance(value, torch.nn.Module)


def own_tensors(value: Any) -> dict[str, Any]:
    """The parameters and buffers of a module of torch that no module in it has; none of anything else."""
    if not is_module(value):
        return {}
    import torch

    # By the plain class: asked for its parameters a layer of Keras notes those that it has by then, for good, and
    # `zero_grad` would pass over those that come when it is built.
    parameters = torch.nn.Module.named_parameters(value, recurse=False)
    return {**dict(parameters), **dict(value.named_buffers(recurse=False))}


def has_foreign_weights(model: Any) -> bool:
    """Whether modules of torch in it compute with weights that Keras only knows of."""
    return any(isinstance(module, keras.layers.TorchModuleWrapper) for module in modules_of(model))


def modules_of(model: Any) -> list[Any]:
    """The model, its layers and the modules in them, at every depth; none on another backend.

    Cost: 0.03 ms a layer.
    """
    found: dict[int, Any] = {}
    waiting = [model] if is_torch() else []
    while waiting:
        module = waiting.pop()
        if id(module) not in found:
            found[id(module)] = module
            waiting += [*module.children(), *parts_of(module)]
    return list(found.values())


def buffers_of(model: Any) -> list[Any]:
    """What modules of torch keep beside their parameters, such as the statistics of a `torch.nn.BatchNorm1d`."""
    found = [buffer for module in modules_of(model) for buffer in module.buffers(recurse=False)]
    return list({id(buffer): buffer for buffer in found}.values())


def generator_state() -> Any:
    """That of torch's one generator; `None` on another backend."""
    if not is_torch():
        return None
    import torch

    return torch.get_rng_state()


def set_generator(state: Any) -> None:
    """Bring torch's one generator to a state that `generator_state` gave."""
    if state is not None:
        import torch

        torch.set_rng_state(state)


def tensors_on_torch(batch: Any) -> Any:
    """A nest of arrays as `fit` hands it to a person's own code: on torch as tensors, texts and `None` as they are."""
    if not is_torch():
        return batch

    def tensor(value: Any) -> Any:
        return value if value is None or is_text(value) else keras.ops.convert_to_tensor(value)

    return keras.tree.map_structure(tensor, batch)


def begin_training(model: Any) -> None:
    """Set torch's own mode as `fit` does before an epoch; a person may have called `predict` since."""
    if is_torch() and not model.training:
        model.train()


def end_training(model: Any) -> None:
    """Set torch's own mode as `fit` does after an epoch."""
    if is_torch():
        model.eval()


@contextmanager
def generator_put_back(*generators: Any) -> Iterator[None]:
    """Within it torch's one generator, and these, may move; afterwards they are as before."""
    torch = sys.modules.get("torch")
    if torch is None:
        yield
        return
    before = [(generator, generator.get_state()) for generator in (torch.default_generator, *generators)]
    try:
        yield
    finally:
        for generator, state in before:
            generator.set_state(state)


def without_gradients() -> AbstractContextManager[Any]:
    """Within it torch writes down nothing that gradients are made from; nothing on another backend."""
    if not is_torch():
        return nullcontext()
    import torch

    quiet: AbstractContextManager[Any] = torch.no_grad()
    return quiet


@contextmanager
def in_inference(model: Any, modules: list[Any]) -> Iterator[None]:
    """Within it torch's own mode is that of `predict`, and no gradient is kept; afterwards each mode is as before.

    Args:
        model: The model.
        modules: As `modules_of` gave them; none on another backend.
    """
    if not modules:
        yield
        return
    import torch

    before = [module.training for module in modules]
    try:
        with torch.no_grad():
            model.eval()
            yield
    finally:
        for module, was_training in zip(modules, before, strict=True):
            if module.training is not was_training:
                module.training = was_training


@contextmanager
def as_in_a_step(model: Any, is_training: bool) -> Iterator[None]:
    """Within it torch's own mode is that of a step, or of `predict`; afterwards modes and buffers are as before."""
    modules = modules_of(model)
    if not modules:
        yield
        return
    modes = [(module, module.training) for module in modules]
    buffers = [(buffer, buffer.clone()) for buffer in buffers_of(model)]
    try:
        model.train(is_training)
        yield
    finally:
        for module, was_training in modes:
            module.training = was_training
        for buffer, value in buffers:
            buffer.copy_(value)
