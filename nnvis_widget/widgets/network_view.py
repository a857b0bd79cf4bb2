"""The living network on the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import RLock
from typing import Any

from nnvis_widget.core.drawings import is_drawn
from nnvis_widget.core.finding import Finding
from nnvis_widget.core.status import State, Status
from nnvis_widget.core.want import Wants
from nnvis_widget.run.gaze import Gaze, Look, Move
from nnvis_widget.sources.source import Source, as_source, as_source_with_data_of, gaze_of
from nnvis_widget.stream.sender import Sender
from nnvis_widget.stream.shown import Drawn, Wish
from nnvis_widget.stream.snapshot_frame import snapshot_frame
from nnvis_widget.stream.wants import wants_of
from nnvis_widget.widgets.cells import ShownInCell, note
from nnvis_widget.widgets.gaze_trait import announce
from nnvis_widget.widgets.handouts import Handouts
from nnvis_widget.widgets.network_traits import expect_known
from nnvis_widget.widgets.ownership import close_parts, own
from nnvis_widget.widgets.page_requests import PageRequests
from nnvis_widget.widgets.parts import AFTERWARDS, FINDINGS
from nnvis_widget.widgets.saving import PictureDesk
from nnvis_widget.widgets.spoken import Spoken
from nnvis_widget.widgets.watching import Watching


class NetworkView(ShownInCell, Spoken, Handouts):
    """A Keras model on the page: units, connections, weights, biases and activations, moving while it trains.

    Args:
        source: A Keras model, a `Trainer`, or another view (to share what it shows); `None` for an empty view.
        data: Samples to look at a plain model with: an `nv.datasets` dataset, `x`, or `(x, y)`.
        linked: Whether selection, step and sample are those of all that is made from the same source, views and panels,
            or, with `False`, its own.
        height: Pixels on the page, 360 to 1200.
        rate_hz: Redraws per second at most, 1 to 14.

    Attributes:
        selection: The chosen unit, `{"layer": id, "unit": index}`, a layer as a whole, `{"layer": id}`, or `{}`. The
            pre-activations of a chosen unit are measured over 256 samples; a layer costs nothing. A unit of a
            convolution is one of its maps, and `"place": [row, column]` a place in it.
        step: The playhead: a step to look at, or `None` to follow the training.
        sample: Index of the sample whose activations are shown.
        edges: What connections show: `weight`, `signal` or `gradient`.
        units: What units show: `field` or `activation`.
        detail: What is drawn between layers with more than 4,000 connections: `bundles` (signed sums), `top` (the
            `top_k` strongest) or `all` (an image of them all, up to 100,000).
        top_k: How many connections `top` draws, 50 to 1,000.
        bookmarks: Steps to come back to, increasing, at most 100; their snapshots are kept when the run is thinned.
        validation_points: Whether the points for validation are drawn over the prediction field, beside those for
            training.
        discrete: Whether the prediction field shows which of two classes is predicted, in two colours, and not how
            likely each is.
        opened: Paths of the opened groups, a tuple of at most 256: nested models, layers made of layers, stages whose
            names begin alike, repeats of what is alike. At first those with which at most twelve layers are seen. A
            path that is unknown is left out with a warning; `nv.read_graph(model).groups` tells them.
        layer_color: What colours the layers of a deep network: `size`, `gradient`, `dead` (units that put out 0 for a
            whole probe) or `change` (steps since the weights last changed).
        learning: Whether the inspector tells how the chosen unit learns: `closed`, which costs nothing, or `open`: δ,
            ∂L/∂w and the next change of its weights. `latex` and `numpy` send a text of it along, to be copied.
        size: How large text, points and strokes are: 1, or 1.35 and 1.7 for a projector; of a whole dashboard
            where it is within one.

    Raises:
        ModelError: If `source` is nothing that can be shown.

    Example:
        >>> view = nv.NetworkView(model)
        >>> model.fit(x, y, callbacks=[nv.LiveCallback(view)])
    """

    _made: list[Any] | None = None

    def __init__(self, source: Any = None, *, data: Any = None, linked: bool = True, **traits: Any) -> None:
        self._is_linked = linked
        self._watching = Watching(self._wants, lambda: self._gaze.look, is_followed=True)
        self._unsubscribe: list[Callable[[], None]] = []
        self._last_state: State = "idle"
        self._gaze = Gaze()
        self._showing = RLock()
        self._awaited: int | None = None
        self._drawn = Drawn()
        self._sender = Sender(
            "nnvis-sender",
            self._encode,
            lambda content, buffers: self.send(content, buffers),
            lambda: (self.source.status.state, self.source.status.moment.step) if self.source else ("idle", 0),
            traits.get("rate_hz", 12.0),
            self._is_blind,
        )
        self._pictures = PictureDesk(lambda content, buffers: self.send(content, buffers), self._snapshot_frame)
        self._requests = PageRequests(
            lambda content: self.send(content),
            self._sender,
            self._pictures,
            self._watching.follow,
            self._show_layers,
            self._meet_page,
            self._suppose_written,
            self._bring_what_if,
        )
        expect_known(traits)
        self._watching.turn_to(None if source is None else as_source(source, data))
        self._gaze = self._find_gaze(source, self.source)
        looked = self._gaze.look
        self._is_opened_by_hand = "opened" in traits
        layout = traits.pop("layout", {"width": "100%", "min_width": "0"})
        super().__init__(layout=layout, **traits)
        self._made = own(self, but=layout)
        self._follow_language()
        self.on_msg(lambda _, content, buffers: self._requests.take(content, buffers, self.source, self._gaze))
        self.observe(self._on_choice, ["edges", "units", "detail", "top_k", "layer_color", "learning"])
        self.observe(lambda change: self._sender.set_rate(change["new"]), ["rate_hz"])
        self.observe(lambda _: self._pin_bookmarks(), ["bookmarks"])
        self.observe(lambda _: self._open(), ["opened"])
        self._pin_bookmarks()
        self._show_structure()
        self._bring_parts(AFTERWARDS)
        # Not before: what another thread writes while the comm opens is lost.
        self._listen(looked)
        self._show_step()
        self._show_what_if()
        self._watching.ask()
        note(self)

    def __repr__(self) -> str:
        name = self.source.graph.name if self.source else None
        return f"<NetworkView of {name!r}>" if name else "<NetworkView, empty>"

    @property
    def findings(self) -> Sequence[Finding]:
        """What the doctor has found in the training that is shown, the worst cause first; empty of a model at rest."""
        return self.source.status.findings if self.source else ()

    @property
    def source(self) -> Source | None:
        """What is shown: a `Trainer`, or a watched model. Setting it shows something else in the same place.

        A linked view then looks where all that shows the other source look, another one at the newest snapshot.
        """
        return self._watching.source

    @source.setter
    def source(self, value: Any) -> None:
        source = None if value is None else as_source(value)
        before = self._gaze.look
        self._turn_to(source, self._find_gaze(value, source))
        joined = self._gaze.look
        announce(self, Move(before, joined))
        self.bookmarks = []
        self._show_structure()
        self._listen(joined)
        self._show_step()
        self._show_what_if()
        self._watching.ask()
        self._sender.hello()

    @property
    def gaze(self) -> Gaze:
        """Where it looks; what is made from the view looks there too."""
        return self._gaze

    @property
    def model(self) -> Any:
        """The Keras model behind the view. Setting it shows another, with the same samples where they fit."""
        return self.source.model if self.source else None

    @model.setter
    def model(self, value: Any) -> None:
        self.source = value if value is None or self.source is None else as_source_with_data_of(self.source, value)

    @property
    def sent_frames(self) -> int:
        """Frames sent to the page so far."""
        return self._sender.sent_frames

    @property
    def sent_bytes(self) -> int:
        """Bytes of these frames."""
        return self._sender.sent_bytes

    def speak(self) -> None:
        """Have the page speak the language that is chosen; `nv.set_language` calls it."""
        self._take_language()
        self._say_structure()
        self._show_step()
        self._show_what_if()
        self._watching.ask()
        self._sender.wake()

    def close(self) -> None:
        """Take the view off the page; the training goes on."""
        self._turn_to(None, self._gaze)
        self._sender.close()
        self._pictures.close()
        close_parts(self, self._made)
        super().close()
        self._show_structure()  # of nothing, and to nobody: a closed view may be kept, by Out[n] for one

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        self._pictures.is_shown = True
        return super()._repr_mimebundle_(**kwargs)

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """The synced state with the newest frame in it, so that a page opens, reloads and is saved with its picture."""
        has_frame = key is None or "frame" in ({key} if isinstance(key, str) else key)
        frame = self._snapshot_frame(is_plain=True) if has_frame else None  # first: it brings what it is shown with
        state: dict[str, Any] = super().get_state(key, drop_defaults)
        return state | ({"frame": frame or b""} if has_frame else {})

    def _find_gaze(self, value: Any, source: Source | None) -> Gaze:
        return gaze_of(value, source) if source is not None and self._is_linked else Gaze()

    def _turn_to(self, source: Source | None, gaze: Gaze) -> None:
        """Leave what was shown for something else, or nothing."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe = []
        left = self.source
        with self._watching.lock:  # a wish that another thread is about to send reaches the new one
            self._gaze, self._shown, self._drawn = gaze, None, Drawn()
            self._networks_before += 0 if left is None else left.status.generation + 1
            self._watching.turn_to(source)
        if left is not None:
            left.run.pin(self._watching.id, ())

    def _listen(self, told: Look) -> None:
        """Hear of everything new, also of where one looks since `told`."""
        source = self.source
        self._unsubscribe = [self._gaze.subscribe(self._on_move)]
        if source is not None:
            self._unsubscribe += [
                source.run.subscribe(lambda _: self._on_snapshot()),
                source.subscribe(self._on_status),
            ]
        if self._supposing is not None:
            self._unsubscribe.append(self._supposing.subscribe(lambda _: self._on_what_if()))
        announce(self, Move(told, self._gaze.look))

    def _pin_bookmarks(self) -> None:
        if self.source is not None:
            self.source.run.pin(self._watching.id, self.bookmarks, is_vital=False)

    def _encode(self) -> bytes | None:
        self._show_structure()
        return self._snapshot_frame()

    def _snapshot_frame(self, is_plain: bool = False) -> bytes | None:
        with self._watching.lock:
            source, look = self.source, self._gaze.look
            status = None if source is None else self._told_status(source)
        snapshot = look.resolve(source.run) if source is not None else None
        if source is None or status is None or snapshot is None:
            return None
        if status.findings:
            self._bring_parts((FINDINGS,))
        wish, graph = self._wish(look), self._fold or source.graph
        tried = None if is_plain else self._tried(look, wish)
        snapshot, wish = tried or (snapshot, wish)
        known = (source.scenery, status, wish, source.structure, self._drawn)
        return snapshot_frame(snapshot, source.run, graph, *known)

    def _wants(self, source: Source) -> Wants:
        return wants_of(self._wish(self._gaze.look), self._fold or source.graph, source.structure)

    def _wish(self, look: Look) -> Wish:
        unit = look.selection.chosen_unit
        is_following, place = look.step is None, look.selection.place
        layer = look.selection.layer if unit is None else None
        return Wish(
            self.edges,
            look.sample,
            unit,
            is_following,
            self.detail,
            self.top_k,
            self._layers,
            place,
            layer,
            self.layer_color,
            self.learning,
        )

    def _is_blind(self) -> bool:
        source = self.source
        return source is not None and "blocks" in source.capabilities and source.status.state == "running"

    def _on_choice(self, change: Any) -> None:
        if change["name"] in ("edges", "detail", "layer_color", "learning"):
            self._watching.ask()
        self._sender.wake()

    def _on_move(self, move: Move) -> None:
        if move.is_asking or (self.learning != "closed" and move.is_elsewhere):
            self._watching.ask()
        sample = move.now.sample
        if move.before.step != move.now.step:
            self._sender.hurry()
        elif is_drawn(sample) and sample != move.before.sample:
            self._awaited = sample  # a frame before it is measured would only hold it up
        else:
            self._sender.wake()
        announce(self, move)
        if self._steps and move.before.selection != move.now.selection:
            self._show_step()

    def _on_snapshot(self) -> None:
        look = self._gaze.look
        snapshot = look.resolve(self.source.run) if self._awaited == look.sample and self.source else None
        if snapshot is not None and self._awaited in snapshot.samples:
            self._awaited = None
            self._sender.hurry()
        else:
            self._sender.wake()

    def _on_what_if(self) -> None:
        self._show_what_if()
        self._sender.hurry()

    def _on_status(self, status: Status) -> None:
        if self._steps or status.steps is not None:
            self._show_step()
        is_other_state, self._last_state = status.state != self._last_state, status.state
        if is_other_state:
            self._sender.hurry()
        else:
            self._sender.wake()
