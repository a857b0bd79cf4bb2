"""Everything about a training on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets

from nnvis_widget.core.words.language import LANGUAGE
from nnvis_widget.core.words.say import say
from nnvis_widget.dashboard.kinds import KINDS, STANDARD, kinds_for, make_panel
from nnvis_widget.dashboard.slot import Slot
from nnvis_widget.errors import DataError, ModelError
from nnvis_widget.widgets.cells import ShownInCell, note
from nnvis_widget.widgets.controls import Controls
from nnvis_widget.widgets.labels import Labels
from nnvis_widget.widgets.network_view import NetworkView
from nnvis_widget.widgets.ownership import close_parts, own
from nnvis_widget.widgets.panels.figures.style import STYLE
from nnvis_widget.widgets.panels.panel import Panel

MOST_PANELS = 32
FIRST_OFFERED = "gradient_flow"
ARRANGEMENTS = {"network": "networkArrangement", "split": "splitArrangement", "panels": "panelsArrangement"}


class Dashboard(ShownInCell, ipywidgets.VBox):
    """The network, its controls, panels and the timeline on one page, in JupyterLab and in Voilà.

    One selection, sample and playhead for all of it: what is chosen in the network, the panels show, and the pointer
    on a curve takes the network back in time. Panels can be added, moved and removed on the page and from Python.

    Args:
        source: A `Trainer`; or a Keras model or a `Run`, which have no controls.
        data: Samples to look at a plain model with, as for `NetworkView`.
        panels: At most 32 names (`weights`, `activation_function`, `weights_over_time`, `training`, `activations`,
            `gradient_flow`, `attention`, `embedding`, `input_share`, `confusion`, `weight_histogram`) or panels, in
            their order; `None` for the first four.
        arrangement: `network`, `split` or `panels`: what is on the page.
        height: Of the network with its header, legend and timeline: pixels, 360 to 1,200; in a low window down to 612,
            so that a row of panels is seen below it.

    Attributes:
        view: The `NetworkView`; its `selection`, `step` and `sample` are those of the whole dashboard.
        controls: The `Controls`; `None` without a trainer.

    Raises:
        ModelError: If there is nothing to show, or no such panel.

    Example:
        >>> dashboard = nv.Dashboard(trainer)
        >>> dashboard.add("gradient_flow")
        >>> dashboard.add(nv.WeightHeatmap(dashboard.view, layer="dense", since=0))
    """

    _is_closed = True
    _is_speaking = False

    def __init__(
        self,
        source: Any,
        *,
        data: Any = None,
        panels: Sequence[str | Panel] | None = None,
        arrangement: str = "split",
        height: int = 640,
    ) -> None:
        wanted = None if panels is None else _checked(panels)
        self._slots: list[Slot] = []
        self._labels = Labels()
        self.view = NetworkView(source, data=data, height=height)
        self.view.add_class("nnvis-dashboard-view")
        self.controls: Controls | None = None
        self._side = ipywidgets.VBox()
        self._side.add_class("nnvis-dashboard-side")
        self._cards = ipywidgets.Box()
        self._cards.add_class("nnvis-dashboard-cards")
        strip = ipywidgets.VBox([self._cards, self._make_adding()])
        strip.add_class("nnvis-dashboard-strip")
        self._grid = ipywidgets.Box([self.view, self._make_tools(), self._side, strip])
        self._grid.add_class("nnvis-dashboard-grid")
        super().__init__([ipywidgets.HTML(STYLE), self._grid], layout={"width": "100%", "min_width": "0"})
        self.add_class("nnvis-dashboard")
        self._made = own(self)
        self._is_closed = False
        try:
            self._arrange(arrangement)
            self._make_controls()
            self._place(self._fitting(STANDARD) if wanted is None else [self._slot_of(one, {}) for one in wanted])
        except Exception:
            self.close()
            raise
        LANGUAGE.follow(self)
        note(self)

    def speak(self) -> None:
        """Name all choices again, in the language of now; `nv.set_language` calls it."""
        arrangement = self.arrangement
        with self._arrangement.hold_sync():
            self._is_speaking = True
            self._arrangement.options, self._arrangement.value = _arrangements(), arrangement
            self._is_speaking = False
        self._offer()

    def __repr__(self) -> str:
        name = self.view.source.graph.name if self.view.source is not None else ""
        return f"<Dashboard of {name!r}>"

    @property
    def source(self) -> Any:
        """What is shown. Setting another one makes panels anew; panels that were handed in go.

        A panel with nothing to show of it stays away, and why stands beside "Add panel".
        """
        return self.view.source

    @source.setter
    def source(self, value: Any) -> None:
        self.view.source = value  # raises before anything has changed
        kinds = [slot.kind for slot in self._slots if slot.kind is not None]
        self.panels = ()
        self._make_controls()
        self._offer()
        self._place(self._fitting(kinds))

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The panels in their order. Setting it adds, removes and orders at once: names or panels."""
        return tuple(slot.panel for slot in self._slots)

    @panels.setter
    def panels(self, value: Sequence[str | Panel]) -> None:
        wanted = _checked(value)
        left = list(self._slots)
        slots = []
        for one in wanted:
            known = next((slot for slot in left if slot.panel is one or slot.kind == one), None)
            if known is not None:
                left.remove(known)
            slots.append(known or self._slot_of(one, {}))
        self._place(slots)
        for slot in left:
            self._drop(slot)

    @property
    def arrangement(self) -> str:
        """What is on the page: `network`, `split` or `panels`."""
        arrangement: str = self._arrangement.value
        return arrangement

    @arrangement.setter
    def arrangement(self, value: str) -> None:
        self._arrange(value)

    def add(self, panel: str | Panel, *, place: int | None = None, **options: Any) -> Panel:
        """Put a panel on the page.

        Args:
            panel: A name, see above, or a panel; it shares selection, sample and playhead if it was made from the same
                source.
            place: Where, counted from 0; `None` for the end.
            **options: For a name: what its class takes, such as `layer="dense"`.

        Returns:
            The panel.

        Raises:
            ModelError: If there is no such name, the panel is here already, or there are 32.
        """
        (one,) = _checked([panel])
        if any(slot.panel is one for slot in self._slots):
            raise ModelError(f"Expected a panel that is not on the dashboard yet, got {panel!r} again. Use move().")
        _check_room(len(self._slots) + 1)
        slot = self._slot_of(one, options)
        slots = list(self._slots)
        slots.insert(len(slots) if place is None else place, slot)
        self._place(slots)
        return slot.panel

    def move(self, panel: str | Panel, place: int) -> None:
        """Put a panel that is here at another place, counted from 0.

        Raises:
            ModelError: If it is not here.
        """
        slot = self._find(panel)
        slots = [one for one in self._slots if one is not slot]
        slots.insert(place, slot)
        self._place(slots)

    def remove(self, panel: str | Panel) -> None:
        """Take a panel off the page; one that was made by its name is closed.

        Raises:
            ModelError: If it is not here.
        """
        slot = self._find(panel)
        self._place([one for one in self._slots if one is not slot])
        self._drop(slot)

    def close(self) -> None:
        """Take everything off the page; the training goes on."""
        if self._is_closed:  # or never finished
            return
        self._is_closed = True
        slots, self._slots = self._slots, []
        for slot in slots:
            self._drop(slot)
        self._cards.children = self._side.children = ()
        if self.controls is not None:
            self.controls.close()
        self.controls = None
        self.view.close()
        close_parts(self, self._made)
        super().close()

    # What a person uses on the page.

    def _make_tools(self) -> Any:
        self._arrangement = ipywidgets.ToggleButtons(
            options=_arrangements(), style={"button_width": "auto", "description_width": "auto"}
        )
        self._labels.put(self._arrangement, description="layoutChoice", tooltips=_hints)
        self._arrangement.observe(self._on_arrangement, "value")
        tools = ipywidgets.HBox([self._arrangement])
        tools.add_class("nnvis-dashboard-tools")
        return tools

    def _make_adding(self) -> Any:
        self.choice = ipywidgets.Dropdown(
            options=self._kinds(),
            value=FIRST_OFFERED,
            style={"description_width": "auto"},
            layout={"width": "240px"},
        )
        self._labels.put(self.choice, description="panelChoice")
        self.adding = ipywidgets.Button(icon="plus", layout={"width": "auto"})
        self._labels.put(self.adding, description="addPanel")
        self.adding.on_click(lambda _: self._add_chosen())
        self._message = ipywidgets.Label()
        self._message.add_class("nnvis-message")
        row = ipywidgets.HBox([self.choice, self.adding, self._message])
        row.add_class("nnvis-dashboard-adding")
        return row

    def _add_chosen(self) -> None:
        self._message.value = ""
        try:
            self.add(self.choice.value)
        except (ModelError, DataError) as error:
            self._message.value = str(error)

    def _make_controls(self) -> None:
        source: Any = self.view.source
        is_steered = source is not None and "trains" in source.capabilities
        if is_steered and self.controls is not None:
            self.controls.trainer = source
            return
        old, self.controls = self.controls, Controls(source) if is_steered else None
        self._side.children = [self.controls] if self.controls is not None else []
        if is_steered:
            self._grid.add_class("nnvis-steers")
        else:
            self._grid.remove_class("nnvis-steers")
        if old is not None:
            old.close()

    def _on_arrangement(self, change: Any) -> None:
        if not self._is_speaking:
            self._arrange(change["new"])

    def _arrange(self, arrangement: str) -> None:
        if arrangement not in ARRANGEMENTS:
            raise ModelError(f"Expected one of {', '.join(ARRANGEMENTS)}, got {arrangement=}.")
        for each in ARRANGEMENTS:
            self._grid.remove_class(f"nnvis-shows-{each}")
        self._grid.add_class(f"nnvis-shows-{arrangement}")
        self._arrangement.value = arrangement

    def _slot_of(self, panel: str | Panel, options: dict[str, Any]) -> Slot:
        if isinstance(panel, str):
            made = make_panel(panel, self.view, options)
            return Slot(made, panel, self._on_move, self._on_remove)
        if options:
            raise TypeError(f"Expected options only for a panel's name, got {', '.join(options)} beside {panel!r}.")
        return Slot(panel, None, self._on_move, self._on_remove)

    def _kinds(self) -> tuple[tuple[str, str], ...]:
        source = self.view.source
        return tuple((KINDS[one].name, one) for one in kinds_for(None if source is None else source.structure))

    def _offer(self) -> None:
        kind, kinds = self.choice.value, self._kinds()
        with self.choice.hold_sync():
            self.choice.options = kinds
            self.choice.value = kind if kind in dict(kinds).values() else FIRST_OFFERED

    def _fitting(self, kinds: Sequence[str]) -> list[Slot]:
        """Those that have something to show; why the others have not is said."""
        slots, reasons = [], []
        for kind in kinds:
            try:
                slots.append(self._slot_of(kind, {}))
            except (ModelError, DataError) as error:
                reasons.append(say("panelIsNotHere", panel=KINDS[kind].name, error=error))
        self._message.value = " ".join(reasons)
        return slots

    def _place(self, slots: list[Slot]) -> None:
        self._slots = slots
        for index, slot in enumerate(slots):
            slot.place(index, len(slots))
        self._cards.children = slots

    def _drop(self, slot: Slot) -> None:
        slot.close()
        if slot.kind is not None:
            slot.panel.close()

    def _find(self, panel: str | Panel) -> Slot:
        for slot in self._slots:
            if slot.panel is panel or (isinstance(panel, str) and slot.kind == panel):
                return slot
        known = ", ".join(repr(slot.kind or slot.panel) for slot in self._slots) or "none"
        raise ModelError(f"Expected a panel of this dashboard ({known}), got {panel!r}.")

    def _on_move(self, slot: Slot, by: int) -> None:
        place = self._slots.index(slot) + by
        if 0 <= place < len(self._slots):
            self.move(slot.panel, place)
            # the page makes it anew at its new place: the one who moves it by key goes on from there
            (slot.earlier if by < 0 and place else slot.later if place < len(self._slots) - 1 else slot.earlier).focus()

    def _on_remove(self, slot: Slot) -> None:
        if slot in self._slots:
            place = self._slots.index(slot)
            self.remove(slot.panel)
            (self._slots[min(place, len(self._slots) - 1)].remove if self._slots else self.adding).focus()


def _arrangements() -> tuple[tuple[str, str], ...]:
    return tuple((say(key), name) for name, key in ARRANGEMENTS.items())


def _hints() -> tuple[str, ...]:
    return say("networkHint"), say("splitHint"), say("panelsHint")


def _check_room(count: int) -> None:
    if count > MOST_PANELS:
        raise ModelError(
            f"Expected at most {MOST_PANELS} panels on a dashboard, got {count}. Remove one first: × on the page, or "
            "dashboard.remove(panel)."
        )


def _checked(panels: Sequence[str | Panel]) -> tuple[str | Panel, ...]:
    if isinstance(panels, str | Panel) or not all(isinstance(one, str | Panel) for one in panels):
        raise ModelError(f"Expected a list of panels or of their names, got panels={panels!r:.80}.")
    unknown = next((one for one in panels if isinstance(one, str) and one not in KINDS), None)
    if unknown is not None:
        make_panel(unknown, None, {})
    _check_room(len(panels))
    handed_in = [one for one in panels if isinstance(one, Panel)]
    if len(set(handed_in)) < len(handed_in):
        raise ModelError(f"Expected each panel once, got one of them twice: {panels!r:.200}.")
    return tuple(panels)
