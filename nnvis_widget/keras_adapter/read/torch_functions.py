"""Torch's functions called from Python, on the thread that asks for it: most are written in C."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import keras

DRAWS = re.compile(
    r"(bernoulli|binomial|cauchy|exponential|geometric|log_normal|multinomial|normal|poisson|rand(int|n)?(_like)?|uniform)_?"
    r"|random_|randperm|rrelu|gumbel_softmax|_standard_gamma|_sample_dirichlet|scaled_dot_product_attention|lstm|gru"
    r"|rnn_(tanh|relu)|\w*dropout\w*"
)
"""The names of those that draw from torch's one generator."""


def called_from_python() -> AbstractContextManager[Any]:
    """Within it each function and operator of torch is called by a function of Python; nothing on another backend.

    So `sys.setprofile` tells of it, and torch's one generator is as before after each that draws: they draw from a copy
    of it that is thrown away. Another thread that draws at the same time is disturbed only within those microseconds.
    """
    if keras.config.backend() != "torch":
        return nullcontext()
    import torch
    from torch.overrides import TorchFunctionMode

    class Called(TorchFunctionMode):
        stream: Any = None

        def __torch_function__(self, function: Any, _: Any, args: Any = (), kwargs: Any = None) -> Any:
            named = kwargs or {}
            if named.get("generator") is not None or not DRAWS.fullmatch(str(getattr(function, "__name__", ""))):
                return function(*args, **named)
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
