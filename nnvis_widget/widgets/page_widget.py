"""A widget with a front end of its own."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets


class PageWidget(anywidget.AnyWidget):
    """An anywidget whose objects have one class: anywidget gives each a class of its own, which only a collection of
    garbage frees."""

    _anywidget_id = traitlets.Unicode().tag(sync=True)

    @traitlets.default("_anywidget_id")
    def _name_of_class(self) -> str:
        return f"{type(self).__module__}.{type(self).__name__}"

    def add_traits(self, **traits: Any) -> None:
        """Add traits to this object, in a class of its own then; those that it has stay as they are."""
        new = {name: trait for name, trait in traits.items() if not self.has_trait(name)}
        if new:
            super().add_traits(**new)
