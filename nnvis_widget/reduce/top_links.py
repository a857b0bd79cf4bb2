"""A dense kernel with more links than pixels becomes its few strongest links."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnvis_widget.reduce.bundles import Rows

BLOCK = 2**18


@dataclass(frozen=True)
class TopLinks:
    """The strongest links of a kernel, strongest first.

    Attributes:
        inputs: int32 `(m,)`, index of each link's input.
        units: int32 `(m,)`, index of each link's unit.
        values: float32 `(m,)`, signed.
        nan_count: Links of the whole kernel that are NaN; none of them is among the strongest.
    """

    inputs: np.ndarray
    units: np.ndarray
    values: np.ndarray
    nan_count: int


def top_links(kernel: Rows, k: int, factors: np.ndarray | None = None) -> TopLinks:
    """Choose the k links with the largest absolute value.

    Args:
        kernel: `(inputs, units)`, real.
        k: How many; fewer come back where the kernel has fewer that are not NaN.
        factors: `(inputs,)`: each link counts times its input's number, for the signals w·a.

    Returns:
        Strongest first, equal ones by their index in C order. Cost: one pass over the kernel in blocks of 2**18 links;
        a block is searched only where it has a link stronger than the weakest one chosen so far.

    Raises:
        ValueError: If the kernel has not two axes, the factors are not one per input, or k is negative.
    """
    if len(kernel.shape) != 2 or k < 0:
        raise ValueError(f"Expected a kernel of shape (inputs, units) and k >= 0, got shape {kernel.shape}, k={k}.")
    inputs, units = kernel.shape
    if factors is not None and factors.shape != (inputs,):
        raise ValueError(f"Expected {inputs} factors, got shape {factors.shape}. Pass one number per input.")
    chosen, values = np.empty(0, np.int64), np.empty(0, np.float32)
    nan_count = 0
    rows = max(1, BLOCK // max(1, units))
    for start in range(0, inputs if units else 0, rows):
        block = np.asarray(kernel[start : start + rows]).astype(np.float32, copy=False)
        if factors is not None:
            with np.errstate(over="ignore", invalid="ignore"):
                block = block * factors[start : start + rows, None].astype(np.float32, copy=False)
        strength = np.abs(block).ravel()
        strongest = strength.max()
        if np.isnan(strongest):
            nan_count += int(np.isnan(strength).sum())
        least = np.abs(values).min() if len(values) >= max(1, k) else -1.0
        if strongest <= least:
            continue
        found = np.flatnonzero(strength > least)
        chosen = np.concatenate([chosen, found + start * units])
        values = np.concatenate([values, block.ravel()[found]])
        kept = _strongest(np.abs(values), k)
        chosen, values = chosen[kept], values[kept]
    order = np.lexsort((chosen, -np.abs(values)))
    ends = np.divmod(chosen[order], max(1, units))
    return TopLinks(ends[0].astype(np.int32), ends[1].astype(np.int32), values[order], nan_count)


def _strongest(strength: np.ndarray, k: int) -> np.ndarray:
    """Indices of the k largest in rising order; of equal ones the first."""
    if len(strength) <= k or k == 0:
        return np.arange(len(strength))[: max(0, k)]
    weakest = np.partition(strength, -k)[-k]
    above = np.flatnonzero(strength > weakest)
    equal = np.flatnonzero(strength == weakest)[: k - len(above)]
    return np.sort(np.concatenate([above, equal]))
