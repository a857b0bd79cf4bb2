"""What the variables of a layer are called."""

from __future__ import annotations

from collections import Counter
from posixpath import commonpath
from typing import Any


def named_variables(layer: Any) -> dict[str, Any]:
    """The variables of a layer by name, in its own order; each is there once.

    A name is the variable's own, such as `kernel`; where several have the same, as in `MultiHeadAttention` and in a
    nested model, what follows the layer in its path: `query/kernel`.
    """
    variables = list({id(variable): variable for variable in getattr(layer, "weights", ())}.values())
    counts = Counter(variable.name for variable in variables)
    shared = commonpath([variable.path.rpartition("/")[0] for variable in variables]) if variables else ""
    named: dict[str, Any] = {}
    for variable in variables:
        own = variable.path.removeprefix(f"{shared}/")
        name, number = variable.name if counts[variable.name] == 1 else own, 1
        while name in named:  # two of the same path
            number += 1
            name = f"{own} {number}"
        named[name] = variable
    return named
