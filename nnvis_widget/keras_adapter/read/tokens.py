"""Which inputs are numbers of tokens, and what the tokens are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nnvis_widget.core.structure import NetworkStructure


def with_tokens(structure: NetworkStructure) -> NetworkStructure:
    """The structure with its inputs that are looked up in an embedding marked: their numbers are no sizes."""
    found = _looked_up(structure)
    if not found:
        return structure
    layers = (replace(one, is_tokens=True) if one.id in found else one for one in structure.layers)
    return replace(structure, layers=tuple(layers))


def token_names(structure: NetworkStructure, operations: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """The texts of an embedding's attribute `token_names`, by the id of the input that is looked up in it."""
    names: dict[str, Sequence[str]] = {}
    for layer, embeddings in _looked_up(structure).items():
        for behind in embeddings:
            own: Any = getattr(operations.get(behind), "token_names", None)
            is_list = isinstance(own, list | tuple | np.ndarray)
            if is_list and len(own) > 0:
                names.setdefault(layer, own)
    return names


def _looked_up(structure: NetworkStructure) -> dict[str, list[str]]:
    """Ids of the embeddings right behind each input that has any."""
    if not any(one.role == "embedding" for one in structure.layers):
        return {}
    whole = structure.whole
    behind = {
        layer: [one for one in whole.targets_of(layer) if whole.layer(one).role == "embedding"]
        for layer in structure.inputs
    }
    return {layer: embeddings for layer, embeddings in behind.items() if embeddings}
