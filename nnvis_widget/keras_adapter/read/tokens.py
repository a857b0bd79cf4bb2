"""Which inputs are numbers of tokens, and what the tokens are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nnvis_widget.core.structure import NetworkStructure


def with_tokens(structure: NetworkStructure) -> NetworkStructure:
    """The structure with its inputs that are looked up in an embedding marked: their numbers are no sizes."""
    if not any(one.role == "embedding" for one in structure.layers):
        return structure
    found = {one for one in structure.inputs if _embeddings_behind(structure, one)}
    layers = (replace(one, is_tokens=True) if one.id in found else one for one in structure.layers)
    return replace(structure, layers=tuple(layers))


def token_names(structure: NetworkStructure, operations: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """The texts of an embedding's attribute `token_names`, by the id of the input that is looked up in it."""
    names: dict[str, Sequence[str]] = {}
    for layer in structure.inputs:
        for behind in _embeddings_behind(structure, layer):
            own: Any = getattr(operations.get(behind), "token_names", None)
            is_list = isinstance(own, list | tuple | np.ndarray)
            if is_list and len(own) > 0:
                names.setdefault(layer, own)
    return names


def _embeddings_behind(structure: NetworkStructure, layer: str) -> list[str]:
    whole = structure.whole
    return [one for one in whole.targets_of(layer) if whole.layer(one).role == "embedding"]
