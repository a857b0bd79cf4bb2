"""A model that is a function of its own: what is in it is not known."""

from __future__ import annotations

from typing import Any

from nnvis_widget.keras_adapter.read.nodes import InputCard, Node, Nodes


def subclassed_nodes(model: Any) -> Nodes:
    """The whole model as one card, behind a card for its input."""
    nodes = [Node("<input>", InputCard("input", ())), Node("<model>", model, ("<input>",))]
    return Nodes(nodes, ["<input>"], ["<model>"])
