"""Torch's functions called from Python, on the thread that asks for it: most are written in C."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import keras

TAKES_GENERATOR = re.compile(
    r"(bernoulli|binomial|cauchy|exponential|geometric|log_normal|multinomial|normal|poisson|rand(int|n)?|uniform)_?"
    r"|random_|randperm"
)
"""The names of those that draw from a generator that they are given."""
ONE_GENERATOR = re.compile(r"rand(int|n)?_like|gumbel_softmax|_standard_gamma|_sample_dirichlet|\w*dropout\w*")
"""The names of those that draw from torch's one generator."""
DROPOUT = {"p", "training", "inplace"}
IN_TRAINING = {"rrelu": 3, "lstm": 6, "gru": 6, "rnn_tanh": 6, "rnn_relu": 6}
"""Those that draw from it where they are told, at this place, that they train."""


def called_from_python() -> AbstractContextManager[Any]:
    """Within it each function and operator of torch is called by a function of Python; nothing on another backend.

    So `sys.setprofile` tells of it, and torch's one generator is as before after each that draws. Those that can be
    given one, and dropout, draw from a generator of their own, so that another thread may draw from torch's meanwhile;
    few cannot, and disturb that for some microseconds.
    """
    if keras.config.backend() != "torch":
        return nullcontext()
    import torch
    from torch.overrides import TorchFunctionMode

    class Called(TorchFunctionMode):
        def __init__(self) -> None:
            super().__init__()
            self.own = torch.Generator()
            self.stream: Any = None

        def __torch_function__(self, function: Any, _: Any, args: Any = (), kwargs: Any = None) -> Any:
            named = kwargs or {}
            name = str(getattr(function, "__name__", ""))
            if named.get("generator") is not None:
                return function(*args, **named)
            if TAKES_GENERATOR.fullmatch(name):
                return function(*args, **{**named, "generator": self.own})
            if name == "dropout" and named.keys() <= DROPOUT:
                return self.dropped(*args, **named)
            return self.set_back(function, args, named) if _draws(name, args, named) else function(*args, **named)

        def dropped(self, values: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
            if not training or p == 0:
                return values
            kept = torch.empty_like(values).bernoulli_(1 - p, generator=self.own)
            found = values * kept / (1 - p) if p < 1 else values * 0
            return values.copy_(found) if inplace else found

        def set_back(self, function: Any, args: Any, named: Any) -> Any:
            before = torch.get_rng_state()
            if self.stream is not None:
                torch.set_rng_state(self.stream)
            try:
                return function(*args, **named)
            finally:
                self.stream = torch.get_rng_state()
                torch.set_rng_state(before)

    mode: AbstractContextManager[Any] = Called()
    return mode


def _draws(name: str, args: Sequence[Any], named: Mapping[str, Any]) -> bool:
    if name == "scaled_dot_product_attention":
        return bool(named.get("dropout_p", args[4] if len(args) > 4 else 0.0))
    if name in IN_TRAINING:
        place = IN_TRAINING[name]
        return bool(named.get("training", args[place] if len(args) > place else False))
    return ONE_GENERATOR.fullmatch(name) is not None
