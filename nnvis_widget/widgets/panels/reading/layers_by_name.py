"""The layers of a network by the names that a person gives, at every depth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.openings import UNKNOWN_INSIDE, is_called_once
from nnvis_widget.core.structure import Group, NetworkStructure
from nnvis_widget.errors import ModelError

MOST_NAMES = 8


class LayersByName:
    """The layers of a network at every depth, each under a name of its own.

    That is the layer's name where no other has it, else its path. What is known as what it is, such as a dense layer
    with an activation in it, is one layer; of a model or block within another there are the layers in it.

    Args:
        structure: The whole network.

    Attributes:
        structure: It.
        all: From the input to the output.
    """

    def __init__(self, structure: NetworkStructure) -> None:
        self.structure = structure
        cards = structure.cards
        counts = Counter(card.name for card in cards)
        self._cards = {
            card.id: card if counts[card.name] == 1 or not card.path else replace(card, name=card.path)
            for card in cards
        }
        self._by_path = {card.path: card for card in self._cards.values()}
        self._by_name = {card.name: card for card in self._cards.values()}
        self._paths: dict[str, list[str]] = {}
        for card in cards:
            self._paths.setdefault(card.name, []).append(card.path)
        self.all = tuple(self._within(structure.members, _holds_others))

    @property
    def measured(self) -> tuple[Layer, ...]:
        """Those whose output can be seen: of what a call runs through twice or in a loop, that around it."""
        structure = self.structure

        def is_seen(group: Group) -> bool:
            return _holds_others(group) and any(structure.layer(one).uses is not None for one in group.members)

        found = self._within(structure.members, is_seen)
        return tuple(one for one in found if self._is_outermost(one.id) or is_called_once(structure, one.id))

    def find(self, name: str) -> Layer:
        """The layer with a name, a path or an id; also a model or block within another, as one.

        Raises:
            ModelError: If there is none, or several; the message has the nearest names first, or what there is.
        """
        card = self._card(name)
        if self.structure.is_group(card.id) and self.structure.group(card.id) not in self.structure.held:
            raise ModelError(f"{card.name!r} is a group, not a layer. Name one of those in it: {self._names_in(card)}.")
        return card

    def find_all(self, name: str) -> list[Layer]:
        """The layer with a name, a path or an id; of a group the layers in it.

        Raises:
            ModelError: As `find`.
        """
        return list(self._within([self._card(name).id], _holds_others))

    def _card(self, name: str) -> Layer:
        name = str(name)
        found = self._by_path.get(name) or self._by_name.get(name) or self._cards.get(name)
        if found is not None:
            return found
        paths = self._paths.get(name)
        if paths is not None:
            raise ModelError(f"{len(paths)} layers are called {name!r}. Pass a path: {_listed(paths)}.")
        raise ModelError(f"Expected the name or the path of a layer, got {name!r}. {self._nearest(name)}")

    def _nearest(self, name: str) -> str:
        around = name.rpartition("/")[0]
        while around and around not in self._by_path:
            around = around.rpartition("/")[0]
        if around:
            return f"In {around!r} there are: {self._names_in(self._by_path[around])}."
        names = list(dict.fromkeys([card.name for card in self._cards.values()]))
        near = get_close_matches(name, names, n=3, cutoff=0.4)
        if near:
            return f"The nearest: {_listed(near)}."
        return f"The layers are: {_listed([layer.name for layer in self.all]) or 'none, the model is not built'}."

    def _names_in(self, card: Layer) -> str:
        structure = self.structure
        members = structure.group(card.id).members if structure.is_group(card.id) else ()
        return _listed([self._cards[member].path for member in members]) or "no layers"

    def _within(self, ids: Iterable[str], is_open: Callable[[Group], bool]) -> Iterator[Layer]:
        for one in ids:
            group = self.structure.group(one) if self.structure.is_group(one) else None
            if group is not None and is_open(group):
                yield from self._within(group.members, is_open)
            else:
                yield self._cards[one]

    def _is_outermost(self, layer_id: str) -> bool:
        parent = self.structure.parent_of(layer_id)
        while parent is not None and self.structure.group(parent).kind in ("stage", "repeat"):
            parent = self.structure.parent_of(parent)
        return parent is None


def _holds_others(group: Group) -> bool:
    return group.card.role in UNKNOWN_INSIDE and bool(group.members)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(map(repr, names[:MOST_NAMES])) + more
