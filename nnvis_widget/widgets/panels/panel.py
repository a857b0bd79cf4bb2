"""What all panels share: where their numbers come from, when they are drawn, and their frame."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from html import unescape
from threading import Event, RLock
from time import monotonic
from typing import Any

import ipywidgets

from nnvis_widget.core.clock import STEPS, Clock
from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.want import Want
from nnvis_widget.core.words.language import LANGUAGE
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import ModelError, NnvisError
from nnvis_widget.run.gaze import Gaze, Move
from nnvis_widget.sources.source import Source, as_source, gaze_of
from nnvis_widget.widgets.cells import ShownInCell, note
from nnvis_widget.widgets.labels import Labels
from nnvis_widget.widgets.ownership import all_parts_of, close_parts, own
from nnvis_widget.widgets.page_link import PageLink
from nnvis_widget.widgets.panels.figures.style import STYLE, text
from nnvis_widget.widgets.panels.gazing import Gazing
from nnvis_widget.widgets.panels.reading.layers_by_name import LayersByName
from nnvis_widget.widgets.panels.untried import supposing_of, untried
from nnvis_widget.widgets.refresher import Refresher
from nnvis_widget.widgets.saving import SavedPicture
from nnvis_widget.widgets.watching import Watching

PAUSE_S = 0.2
PATIENCE_S = 3.0
SHOWN = (ipywidgets.HTML, ipywidgets.Image)
LEFT = (ipywidgets.Layout, ipywidgets.Style, ipywidgets.ValueWidget)


class Panel(ShownInCell, Gazing, ipywidgets.VBox):
    """A panel beside the network; one class per kind.

    It is drawn off the training thread, at most five times a second, only while a page has it on its screen, and only
    after that page has painted the last drawing: one that is closed, hidden or scrolled away costs nothing. All panels
    and views of a source share step, selection and sample.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel; some kinds take
            more.
        data: Samples to look at a plain model with, as for `NetworkView`.
        height: Pixels of the picture; it does not change while the panel lives.
        linked: Whether step, selection and sample are those of all that is made from the same source, or, with `False`,
            its own.

    Attributes:
        gaze: Where it looks; what is made from the panel looks there too.
    """

    children: Any
    title_key = ""
    meaning_key = ""
    _is_of_model = True  # what it is or does now, and not how its training went
    _is_closed = True

    def __init__(self, source: Any, *, data: Any = None, height: int = 240, linked: bool = True, **traits: Any) -> None:
        unknown = set(traits) - {"layout"}
        if unknown:
            raise TypeError(f"{type(self).__name__}() got an unexpected keyword {min(unknown)!r}.")
        if isinstance(height, bool) or not isinstance(height, int) or not 120 <= height <= 1200:
            raise TypeError(f"Expected a height from 120 to 1200 px, got height={height!r}.")
        self._watching = Watching(
            lambda _: self._wants() if self._refusal == "" else (), lambda: self.gaze.look, is_followed=False
        )
        found, shared = self._find_source(source, data)
        self._watching.turn_to(found)
        self.gaze = shared if linked else Gaze()
        self.height_px = height
        self._lock, self._news = RLock(), Event()
        self._greeted = 0
        self._unsubscribe: list[Callable[[], None]] = []
        self._sent_s = monotonic()
        self._labels = Labels()
        self._subject, self._refusal = self._find_subject(), ""
        self._body = self._build()
        self._head = ipywidgets.HTML()
        self._note = ipywidgets.HTML()
        self._link = self._labels.put(PageLink(self.title, self._on_sign), title=self._own_title)
        layout = traits.get("layout", {"width": "100%", "min_width": "0"})
        parts = [ipywidgets.HTML(STYLE), *self._help(), self._head, *self._body, self._note, self._link]
        super().__init__(parts, layout=layout)
        self._made = own(self, but=layout)
        self.add_class("nnvis-panel")
        self._is_closed = False
        self._refresher = Refresher(f"nnvis-panel-{type(self).__name__}", self._refresh, PAUSE_S)
        self._unsubscribe.append(self.gaze.subscribe(self._on_move))
        for heard in self._heard():  # before the first drawing: what comes after it makes another
            for news in (heard.run, heard):
                self._unsubscribe.append(news.subscribe(lambda _: self._redraw_soon()))
            supposing = supposing_of(heard)
            if supposing is not None:
                self._unsubscribe.append(supposing.subscribe(lambda _: self._redraw_soon()))
        self._watching.ask()
        self._redraw()
        LANGUAGE.follow(self)
        note(self)

    def __repr__(self) -> str:
        name = self.source.graph.name if self.source is not None else None
        return f"<{type(self).__name__} of {name!r}>" if name else f"<{type(self).__name__}>"

    @property
    def source(self) -> Source | None:
        """Where its numbers come from; `None` for a history, and once it is closed."""
        return self._watching.source

    @property
    def title(self) -> str:
        """What it is called, above it and in a dashboard, in the language that is spoken."""
        return say(self.title_key)

    def speak(self) -> None:
        """Write all again, in the language of now; `nv.set_language` calls it."""
        self._redraw_soon()

    def describe(self) -> str:
        """What the panel shows, or would show if it were on a page, in words, as a screen reader gets it."""
        with self._up_to_date(is_in_words=True):
            return self._words

    def table(self) -> Any:
        """The numbers that the panel shows, or would show if it were on a page, as a pandas DataFrame."""
        raise NotImplementedError

    def save_svg(self, path: str | os.PathLike[str]) -> SavedPicture:
        """Save what the panel shows, with its texts and legends and without its controls, as an SVG.

        It is in the page's theme and as wide as there, and is made once the panel is on the screen.

        Args:
            path: Where to; must end with `.svg`. A file that is there is replaced.

        Returns:
            A handle; see `NetworkView.save_png` for when the file is there.

        Raises:
            PictureError: If the panel is closed, the folder is missing, or an argument is out of range.
        """
        return self._save(path, "svg", 1)

    def save_png(self, path: str | os.PathLike[str], scale: float = 2) -> SavedPicture:
        """As `save_svg`, but a PNG, with `scale` pixels per px, 0.5 to 4."""
        return self._save(path, "png", scale)

    def close(self) -> None:
        """Take the panel off the page and let go of its source; the training goes on.

        Its numbers and words are still those of its last drawing.
        """
        if self._is_closed:  # or never finished
            return
        with self._lock:  # a drawing under way ends first
            self._is_closed = True
        while self._unsubscribe:
            self._unsubscribe.pop()()
        self._refresher.close()
        self._watching.close()
        close_parts(self, self._made)
        super().close()

    # What a kind of panel says of itself.

    @classmethod
    def suits(cls, structure: NetworkStructure) -> bool:
        """Whether a network may have what is shown here: where not, a dashboard does not offer it."""
        return True

    def _find_source(self, source: Any, data: Any) -> tuple[Source | None, Gaze]:
        """Where its numbers come from, and the gaze of all that shows them."""
        found = as_source(source, data)
        return found, gaze_of(source, found)

    def _heard(self) -> list[Source]:
        """Whose news make a drawing."""
        return [] if self.source is None else [self.source]

    def _find_subject(self) -> Any:
        """What the widgets between head and note are made for; they are made anew once it is not equal any more."""
        return None if self.source is None else self.source.structure

    def _build(self) -> list[Any]:
        """The widgets between head and note."""
        raise NotImplementedError

    def _draw(self, snapshot: Snapshot | None) -> None:
        """Show a snapshot, the one the playhead is at."""
        raise NotImplementedError

    def _wants(self) -> Iterable[Want]:
        """What has to be measured for it."""
        return ()

    # What it has to work with.

    @contextmanager
    def _held(self, *widgets: Any) -> Iterator[None]:
        """One message a widget for all that is set within."""
        with ExitStack() as stack:
            for widget in widgets:
                stack.enter_context(widget.hold_sync())
            yield

    def _say(self, subtitle: str, note: str = "", words: str | None = None, at: Snapshot | None = None) -> None:
        """Write the line above and below the picture, both HTML, and the text for a screen reader.

        Where the panel shows a snapshot the line above ends with its moment.
        """
        said = " · ".join(filter(None, [subtitle, self._when(at)]))
        self._words = unescape(words if words is not None else say("panelSays", panel=self.title, text=said))
        head = f"<b>{self.title}</b>{subtitle}{self._moment_part(at, bool(subtitle))}"
        _set(self._head, f'<div class="nnvis-head" role="heading" aria-level="3">{head}</div>')
        beside = untried(self.source, self.gaze.look) if self._is_of_model else ""
        self._words = " ".join(filter(None, [self._words, beside]))
        _set(self._note, f'<div class="nnvis-note">{" ".join(filter(None, [note, beside]))}</div>')
        self._link.words = self._words

    def _help(self) -> list[Any]:
        """What the panel shows and what to look for, behind a question mark."""
        help_ = self._labels.put(ipywidgets.HTML(), value=self._help_text)
        help_.add_class("nnvis-help")
        return [help_]

    def _help_text(self) -> str:
        name = say("whatPanelShows", panel=self.title)
        summary = f'<summary aria-label="{name}" title="{name}">?</summary>'
        return f"<details>{summary}<p>{text(say(self.meaning_key))}</p></details>"

    def _own_title(self) -> str:
        return self.title

    def _snapshot(self) -> Snapshot | None:
        return None if self.source is None else self.gaze.look.resolve(self.source.run)

    @property
    def _by_name(self) -> LayersByName:
        assert self.source is not None
        return LayersByName(self.source.structure)

    def _when(self, snapshot: Snapshot | None) -> str:
        return "" if snapshot is None else self._moment(snapshot.step)

    @property
    def _clock(self) -> Clock:
        return STEPS if self.source is None else self.source.run.clock

    def _moment(self, step: float) -> str:
        """`epoch 618.4 (step 3,092)`"""
        return self._clock.text_with_step(step)

    def _moment_part(self, snapshot: Snapshot | None, is_after: bool) -> str:
        """HTML: the epoch, and by the pointer the step; a dashboard, whose clock tells it, hides that of now."""
        if snapshot is None:
            return ""
        kind = "nnvis-when nnvis-now" if self.gaze.step is None else "nnvis-when"
        moment = f"{' · ' if is_after else ''}{self._clock.text(snapshot.step)}"
        return f'<span class="{kind}" title="{say("stepHint", step=f"{snapshot.step:,}")}">{moment}</span>'

    def _redraw(self) -> None:
        with self._lock:
            if self._is_closed:
                return
            self._news.clear()  # before the look: what comes meanwhile is drawn next
            newcomers, self._greeted = self._link.newcomers - self._greeted, self._link.newcomers
            self._fit()
            with self._link.hold_sync():
                if self._refusal == "":
                    self._draw(self._snapshot())
                else:
                    self._say(text(self._refusal), words=say("panelSays", panel=self.title, text=self._refusal))
                if newcomers:
                    self._draw_whole()
                self._link.sent += 1
            self._sent_s = monotonic()

    def _fit(self) -> None:
        """Make the body for the model's layers of today: by an old id another layer may be found."""
        subject = self._find_subject()
        if subject == self._subject:
            return
        old, self._subject, self._refusal = self._body, subject, ""
        try:
            self._body = self._build()
        except NnvisError as error:  # the layer that it was made for is gone
            self._body, self._refusal = [], f"The model has other layers now. {error}"
        children = [child for child in self.children if child not in old]
        place = children.index(self._head) + 1
        self.children = [*children[:place], *self._body, *children[place:]]
        for part in old:
            close_parts(part)
            part.close()
        self._made = [*(one for one in self._made if one.comm is not None), *own(*self._body)]
        self._watching.ask()

    def _draw_whole(self) -> None:
        """Send all again: what changed while a page took the state and was not yet listening, it has never heard of."""
        for part in dict.fromkeys(all_parts_of(*self.children)):
            is_left = part is self._link or isinstance(part, LEFT)
            if isinstance(part, SHOWN) or not is_left:
                part.send_state()

    @contextmanager
    def _up_to_date(self, is_in_words: bool = False) -> Iterator[None]:
        """While its words, numbers or picture are handed out: all of one drawing, for out of sight none was made.

        Raises:
            ModelError: If the layer that it shows is no longer there, which words can say.
        """
        if self.source is not None:
            self.source.keep_up()
        with self._lock:
            if self._news.is_set() or not self._link.is_seen:
                self._redraw()
            if self._refusal and not is_in_words:
                raise ModelError(self._refusal)
            yield

    def _redraw_soon(self) -> None:
        self._news.set()
        self._refresher.wake()

    # When it is drawn.

    def _refresh(self) -> None:
        is_new_page = self._link.is_seen and self._link.newcomers != self._greeted
        if self._news.is_set() and (self._link.is_ready or is_new_page):
            self._redraw()
        elif self._watching.is_followed and self._is_lost:
            self._link.forget()
            self._follow()

    def _on_sign(self) -> None:
        if self._is_closed:
            return
        self._follow()
        if self._is_lost:  # a page is there, and the last drawing has not reached it
            self._link.newcomers += 1
        if self._news.is_set() or self._link.newcomers != self._greeted:
            self._redraw_soon()

    @property
    def _is_lost(self) -> bool:
        return self._link.taken < self._link.sent and monotonic() - self._sent_s > PATIENCE_S

    def _follow(self) -> None:
        """Ask for new snapshots exactly while the panel is seen."""
        with self._watching.lock:
            if self._watching.is_followed != self._link.is_seen:
                self._watching.follow(self._link.is_seen)

    def _on_move(self, move: Move) -> None:
        if move.is_asking:
            self._watching.ask()
        self._redraw_soon()

    def _save(self, path: str | os.PathLike[str], picture_format: str, scale: float) -> SavedPicture:
        with self._up_to_date(is_in_words=True):
            return self._link.pictures.ask(path, picture_format, None, scale)


def _set(widget: Any, value: str) -> None:
    if widget.value != value:
        widget.value = value
