"""Programs of JAX, derived along what they compute on their way, whatever leads past it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any


def slopes_along(function: Callable[[Any], tuple[Any, Sequence[Any]]], given: Any) -> tuple[list[Any], list[Any]]:
    """How a number changes with tensors that are computed on the way to it.

    The program is traced, and a zero is added to each tensor where it comes about, to differentiate along it.

    Args:
        function: Of `given`: the number, and the tensors.
        given: Arrays.

    Returns:
        The tensors, and the slope of each.
    """
    import jax

    program = jax.make_jaxpr(function)(given)
    places = program.jaxpr.outvars[1:]
    shifts = {id(place): jax.numpy.zeros(place.aval.shape, place.aval.dtype) for place in places}

    def shifted(moved: Mapping[int, Any]) -> tuple[Any, Any]:
        results = evaluate(program, jax.tree.leaves(given), moved)
        return results[0], results[1:]

    slopes, tensors = jax.grad(shifted, has_aux=True)(shifts)
    return tensors, [slopes[id(place)] for place in places]


def evaluate(program: Any, values: Sequence[Any], shifts: Mapping[int, Any]) -> list[Any]:
    """Run a traced program, adding to some of its intermediate values, by the `id` of their variables."""
    known: dict[Any, Any] = {}

    def read(place: Any) -> Any:
        return place.val if hasattr(place, "val") else known[place]

    def write(place: Any, value: Any) -> None:
        shift = shifts.get(id(place))
        known[place] = value if shift is None else value + shift

    for place, value in zip(program.jaxpr.constvars, program.consts, strict=True):
        write(place, value)
    for place, value in zip(program.jaxpr.invars, values, strict=True):
        write(place, value)
    for line in program.jaxpr.eqns:
        given = line.primitive.get_bind_params(line.params)
        functions, parameters = given if isinstance(given, tuple) else ((), given)  # a pair in older versions of JAX
        results = line.primitive.bind(*functions, *map(read, line.invars), **parameters)
        for place, value in zip(line.outvars, results if line.primitive.multiple_results else [results], strict=True):
            write(place, value)
    return [read(place) for place in program.jaxpr.outvars]
