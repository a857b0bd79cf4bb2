"""The kernels of all kinds of convolutions, seen from one map, and from each pair of maps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nnvis_widget.core.anatomy import Role

Kernels = Mapping[str, np.ndarray]
"""By their names within the layer, those that it has of `NAMES`."""

NAMES = ("kernel", "depthwise_kernel", "pointwise_kernel")


def map_kernel(role: Role, kernels: Kernels, unit: int, sources: int) -> tuple[np.ndarray, int] | None:
    """What leads to one map.

    Args:
        role: Of the layer: `conv` (a separable one too, and one in groups), `depthwise` or `transposed`.
        kernels: Those of the layer.
        unit: The map.
        sources: How many maps there are before it.

    Returns:
        `(maps, rows, columns)`, and the first of these maps; those of a group lie side by side. Of a separable
        convolution the depthwise kernels weighed by the pointwise one. `None` where it is no such kernel.
    """
    if not are_kernels(role, kernels):
        return None
    if "kernel" not in kernels:
        deep, point = kernels["depthwise_kernel"], kernels["pointwise_kernel"]
        return np.einsum("hwim,im->ihw", deep, point[0, 0, :, unit].reshape(deep.shape[2:])), 0
    kernel = kernels["kernel"]
    if role == "depthwise":
        source, which = divmod(unit, kernel.shape[3])
        return kernel[None, :, :, source, which], source
    if role == "transposed":
        return np.moveaxis(kernel[:, :, unit], -1, 0), 0
    per_group = kernel.shape[2]
    group = unit * (sources // per_group) // kernel.shape[3]
    return np.moveaxis(kernel[..., unit], -1, 0), group * per_group


def squares(role: Role, kernels: Kernels) -> np.ndarray | None:
    """The sums of squares of the kernels that join each map to those before it.

    Args:
        role: As for `map_kernel`.
        kernels: Likewise.

    Returns:
        float64 `(maps of a group, maps)`: the targets of a group lie side by side, as its sources. `None` where it is
        no such kernel.
    """
    if not are_kernels(role, kernels):
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        if "kernel" not in kernels:
            deep, point = kernels["depthwise_kernel"], kernels["pointwise_kernel"][0, 0].astype(np.float64)
            weighs = point.reshape(*deep.shape[2:], -1)
            products = np.einsum("hwim,hwin->imn", deep, deep, dtype=np.float64)
            sums: np.ndarray = np.einsum("imn,imo,ino->io", products, weighs, weighs, optimize=True)
            return np.asarray(np.maximum(sums, 0))  # rounding may leave less
        own: np.ndarray = np.square(kernels["kernel"], dtype=np.float64).sum(axis=(0, 1))
    if role == "depthwise":
        return own.reshape(1, -1)
    return own.T if role == "transposed" else own


def are_kernels(role: Role, kernels: Kernels) -> bool:
    """Whether these are kernels over pictures, as Keras has them."""
    names = {"conv": (("kernel",), NAMES[1:])}.get(role, (("kernel",),) if role in ("depthwise", "transposed") else ())
    return any(set(kernels) == set(one) for one in names) and all(one.ndim == 4 for one in kernels.values())
