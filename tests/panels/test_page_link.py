"""What a panel sends to pages that show it, hide it, vanish, or talk nonsense."""

from __future__ import annotations

from time import monotonic
from typing import Any

import bqplot
import pytest

import nnvis_widget as nv
from nnvis_widget.widgets.gate import admit_sign
from nnvis_widget.widgets.panels import panel as panel_module

from .helpers import drawn, head, hide, link, open_page, plane_trainer, receive, say, take, wait_until


def news(trainer: nv.Trainer, panel: Any) -> None:
    """Something to draw, and the panel has heard of it."""
    panel._news.clear()
    trainer.run_steps(1)
    trainer.wait(60)
    wait_until(lambda: panel._news.is_set() or link(panel).sent > link(panel).taken, "the news")


def is_followed(trainer: nv.Trainer) -> bool:
    trainer.pause()  # returns when all commands before it are obeyed
    return trainer._observer.watches.is_followed


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        "taken",
        {},
        {"kind": "taken", "taken": 1},
        {"kind": "taken", "page": "p"},
        {"kind": "taken", "page": "", "taken": 1},
        {"kind": "taken", "page": "p" * 33, "taken": 1},
        {"kind": "taken", "page": 3, "taken": 1},
        {"kind": "taken", "page": "p", "taken": 4},
        {"kind": "taken", "page": "p", "taken": 0},
        {"kind": "taken", "page": "p", "taken": -1},
        {"kind": "taken", "page": "p", "taken": True},
        {"kind": "taken", "page": "p", "taken": 1.0},
        {"kind": "taken", "page": "p", "taken": float("nan")},
        {"kind": "taken", "page": "p", "taken": "1"},
        {"kind": "drawn", "page": "p", "taken": 1},
        {"kind": ["hidden"], "page": "p"},
        {"kind": "hidden", "page": None},
        {"kind": "attached"},
    ],
)
def test_what_no_page_would_say_is_dropped(content: object) -> None:
    assert admit_sign(content, sent=3) is None


def test_what_a_page_says_is_understood() -> None:
    assert admit_sign({"kind": "taken", "page": "p", "taken": 3, "more": 1}, sent=3) == ("p", 3)
    assert admit_sign({"kind": "hidden", "page": "p", "taken": 99}, sent=3) == ("p", 0)
    assert admit_sign({"kind": "attached", "page": "p", "taken": 2}, sent=3) == ("p", None)


def test_a_page_that_has_not_shown_the_panel_yet_gets_no_drawing() -> None:
    trainer = plane_trainer()
    panel = nv.WeightHeatmap(trainer, "hidden")
    sent = link(panel).sent
    say(panel, kind="attached")
    news(trainer, panel)
    assert (link(panel).sent, link(panel).is_seen, link(panel).newcomers) == (sent, False, 1)
    take(panel)
    wait_until(lambda: link(panel).sent > sent, "the drawing when it is seen")
    assert link(panel).newcomers == panel._greeted == 1
    panel.close()


def test_a_page_can_write_no_trait_of_the_link_and_nonsense_raises_nothing() -> None:
    panel = nv.WeightHeatmap(plane_trainer(), "hidden")
    linked = link(panel)
    before = linked.get_state()
    wanted = {"sent": 9, "title": "x", "words": "x", "_esm": "x", "taken": 9, "layout": None}
    receive(linked, method="update", state=wanted)
    for content in (None, 5, "x", {"kind": "taken", "page": "p", "taken": 99}):
        receive(linked, method="custom", content=content)
    assert linked.get_state() == before
    assert (linked.taken, linked.is_seen) == (0, False)
    panel.close()


def test_a_panel_out_of_sight_gets_nothing_and_the_newest_when_it_is_seen_again() -> None:
    trainer = plane_trainer()
    panel = nv.WeightHeatmap(trainer, "hidden")
    open_page(panel)
    hide(panel)
    sent = link(panel).sent
    for _ in range(3):
        news(trainer, panel)
    assert link(panel).sent == sent
    assert not is_followed(trainer)
    take(panel)
    wait_until(lambda: link(panel).sent > sent, "a drawing for the page that shows it again")
    assert "step 3" in head(panel)
    assert link(panel).sent == sent + 1
    assert is_followed(trainer)
    panel.close()


def test_there_is_never_more_than_one_drawing_on_the_way() -> None:
    trainer = plane_trainer()
    panel = nv.WeightHeatmap(trainer, "hidden")
    open_page(panel)
    for _ in range(3):
        news(trainer, panel)
        wait_until(lambda: link(panel).sent == link(panel).taken + 1, "the drawing")
        news(trainer, panel)
        assert link(panel).sent == link(panel).taken + 1
        take(panel)
    panel.close()


def test_a_page_that_hides_the_panel_takes_it_from_no_other() -> None:
    trainer = plane_trainer()
    panel = nv.WeightHeatmap(trainer, "hidden")
    open_page(panel, "one")
    open_page(panel, "other")
    hide(panel, "one")
    hide(panel, "a third that never showed it")
    news(trainer, panel)
    wait_until(lambda: link(panel).sent == link(panel).taken + 1, "the drawing")
    take(panel, "other")
    assert is_followed(trainer)
    hide(panel, "other")
    assert not is_followed(trainer)
    panel.close()


def test_the_fastest_page_answers_for_all_and_a_late_one_takes_nothing_back() -> None:
    trainer = plane_trainer()
    panel = nv.WeightHeatmap(trainer, "hidden")
    open_page(panel, "fast")
    news(trainer, panel)
    drawn(panel, lambda: "step 1" in head(panel), "the first step")
    taken = link(panel).taken
    assert taken > 1
    say(panel, "slow", kind="taken", taken=1)
    assert link(panel).taken == taken
    panel.close()


def test_a_page_that_died_without_a_word_is_followed_no_more_until_it_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = plane_trainer()
    panel = nv.WeightHeatmap(trainer, "hidden")
    open_page(panel)
    sent = link(panel).sent
    news(trainer, panel)
    wait_until(lambda: link(panel).sent == sent + 1, "one drawing, which nobody answers")
    assert is_followed(trainer)
    later_s = monotonic() + 2 * panel_module.PATIENCE_S
    monkeypatch.setattr(panel_module, "monotonic", lambda: later_s)
    news(trainer, panel)
    wait_until(lambda: not link(panel).is_seen, "the end of the patience")
    assert not is_followed(trainer)
    assert link(panel).sent == sent + 1
    take(panel)
    wait_until(lambda: link(panel).sent == sent + 2, "a drawing for the page that was only slow")
    assert is_followed(trainer)
    panel.close()


def test_pages_without_end_are_not_remembered_without_end() -> None:
    panel = nv.WeightHeatmap(plane_trainer(), "hidden")
    for number in range(100):
        take(panel, f"page {number}")
    assert len(link(panel)._pages) == 32
    door = link(panel).comm
    panel.close()
    late = {"method": "custom", "content": {"kind": "taken", "page": "one too late", "taken": 1}}
    door.handle_msg({"content": {"data": late}, "buffers": []})


def test_the_page_gets_a_name_and_words_with_each_drawing_in_one_message() -> None:
    panel = nv.WeightHeatmap(plane_trainer(), "hidden")
    assert link(panel).words == panel.describe()
    messages: list[dict[str, Any]] = []
    link(panel).send_state = lambda key=None: messages.append(link(panel).get_state(key))
    assert link(panel).title == "Weights"
    panel._pictures[0].layer = panel._find_layer("out")  # other words
    panel._redraw()
    assert [set(message) for message in messages] == [{"sent", "words"}]
    assert messages[0]["words"] == panel.describe()
    panel.close()


def test_words_are_plain_text_and_whole() -> None:
    panel = nv.WeightHeatmap(plane_trainer(), "hidden")
    panel._say("a &lt;b&gt;", "", f"{'long ' * 100}&lt;b&gt;")
    assert link(panel).words == f"{'long ' * 100}<b>"
    panel.close()


def test_a_new_page_gets_everything_once_more_and_only_then(monkeypatch: pytest.MonkeyPatch) -> None:
    # what changed between a page's look at the state and its first word has reached no one
    panel = nv.TrainingCurves(plane_trainer())
    whole: list[object] = []
    send_state = bqplot.Figure.send_state

    def count(figure: bqplot.Figure, key: object = None) -> None:
        if key is None:
            whole.append(figure)
        send_state(figure, key)

    monkeypatch.setattr(bqplot.Figure, "send_state", count)
    for page, expected in (("a page", 1), ("another", 2)):
        before = link(panel).sent
        take(panel, page)
        wait_until(lambda before=before: link(panel).sent > before, "the drawing for the new page")
        assert len(whole) == expected
        take(panel, page)
    panel._redraw_soon()
    before = link(panel).sent
    wait_until(lambda: link(panel).sent > before, "another drawing")
    assert len(whole) == 2
    panel.close()
