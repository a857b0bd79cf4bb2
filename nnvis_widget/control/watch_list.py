"""Who watches what."""

from __future__ import annotations

from dataclasses import replace

from nnvis_widget.core.command import Watch


class WatchList:
    """The union of what all views have on their screens. One thread writes and reads it: the training thread."""

    def __init__(self) -> None:
        self._by_view: dict[str, Watch] = {}

    def watch(self, watch: Watch) -> bool:
        """Note what a view shows now; whether that is not what it showed before."""
        previous, self._by_view[watch.view] = self._by_view.get(watch.view), watch
        return previous is None or replace(previous, is_following=True) != replace(watch, is_following=True)

    def unwatch(self, view: str) -> None:
        """Forget a view."""
        self._by_view.pop(view, None)

    @property
    def is_followed(self) -> bool:
        """Whether any view waits for new snapshots."""
        return any(watch.is_following for watch in self._by_view.values())

    @property
    def samples(self) -> tuple[int, ...]:
        """Indices of the chosen samples, each once; sample 0 when nobody watches."""
        return tuple(dict.fromkeys(watch.sample for watch in self._by_view.values())) or (0,)

    @property
    def fields(self) -> bool:
        """Whether output fields are shown; also when nobody watches, for looking back later."""
        return not self._by_view or any(watch.fields for watch in self._by_view.values())

    @property
    def selections(self) -> tuple[tuple[str, int], ...]:
        """The selected units, each once."""
        chosen = (watch.selection for watch in self._by_view.values() if watch.selection is not None)
        return tuple(dict.fromkeys(chosen))

    @property
    def gradients(self) -> bool:
        """Whether gradients are shown anywhere."""
        return any(watch.gradients for watch in self._by_view.values())

    @property
    def signals(self) -> bool:
        """Whether signals w·a are shown anywhere."""
        return any(watch.signals for watch in self._by_view.values())

    @property
    def top_links(self) -> bool:
        """Whether the strongest links are shown anywhere."""
        return any(watch.top_links for watch in self._by_view.values())

    @property
    def maps(self) -> bool:
        """Whether feature maps are shown anywhere."""
        return any(watch.maps for watch in self._by_view.values())

    @property
    def predictions(self) -> bool:
        """Whether the classes of many samples are shown anywhere."""
        return any(watch.predictions for watch in self._by_view.values())

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers whose pre-activations over the probe batch are shown, each once."""
        chosen = (watch.layer for watch in self._by_view.values() if watch.layer is not None)
        return tuple(dict.fromkeys(chosen))
