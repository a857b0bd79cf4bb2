"""A place for a panel on the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import ipywidgets

from nnvis_widget.core.words.say import say
from nnvis_widget.widgets.labels import Labels
from nnvis_widget.widgets.ownership import close_parts, own
from nnvis_widget.widgets.panels.panel import Panel


class Slot(ipywidgets.VBox):
    """A panel with the buttons that move it and take it away.

    Args:
        panel: What stands in it.
        kind: The name it was made by; `None` for a panel that was handed in.
        move: Called with the slot and -1 (earlier) or 1 (later).
        remove: Called with the slot.
    """

    def __init__(
        self,
        panel: Panel,
        kind: str | None,
        move: Callable[[Slot, int], object],
        remove: Callable[[Slot], object],
    ) -> None:
        self.panel, self.kind = panel, kind
        self._labels = Labels()
        self.earlier = self._button("chevron-left", "moveEarlier", lambda: move(self, -1))
        self.later = self._button("chevron-right", "moveLater", lambda: move(self, 1))
        self.remove = self._button("times", "removePanel", lambda: remove(self))
        self._tools = ipywidgets.HBox([self.earlier, self.later, self.remove])
        self._tools.add_class("nnvis-slot-tools")
        super().__init__([panel, self._tools])
        own(self)
        self.add_class("nnvis-slot")

    def place(self, index: int, count: int) -> None:
        """Say which slot of how many this is: the first cannot move earlier, the last not later."""
        self.earlier.disabled, self.later.disabled = index == 0, index == count - 1

    def close(self) -> None:
        """Take it off the page; the panel itself stays open."""
        self.children = [self._tools]
        close_parts(self)
        super().close()

    def _button(self, icon: str, key: str, act: Callable[[], object]) -> Any:
        """A button that shows its icon only; its text is there for those who hear it."""
        button = ipywidgets.Button(icon=icon, layout={"width": "24px", "height": "24px", "min_width": "24px"})
        name = partial(self._name, key)
        self._labels.put(button, description=name, tooltip=name)
        button.on_click(lambda _: act())
        return button

    def _name(self, key: str) -> str:
        return say(key, panel=self.panel.title)
