"""What a panel sends to pages that show it, hide it, vanish, or talk nonsense."""

from __future__ import annotations

from time import monotonic
from typing import Any

import bqplot
import pytest

import nnvis_widget as nv
from nnvis_widget.widgets.gate import admit_sign
from nnvis_widget.widgets.panels import panel as panel_module

from ..door import Door
from .helpers import drawn, head, hide, link, open_page, plane_trainer, receive, say, take, train, wait_until
from .test_weight_heatmap import KERNEL, run_of


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The figures that are sent whole from now on, each time."""
    sent: list[object] = []
    send_state = bqplot.Figure.send_state

    def note(figure: bqplot.Figure, key: object = None) -> None:
        if key is None:
            sent.append(figure)
        send_state(figure, key)

    monkeypatch.setattr(bqplot.Figure, "send_state", note)
    return sent


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


def test_a_page_that_has_not_shown_the_panel_yet_gets_no_drawing(whole: list[object]) -> None:
    trainer = plane_trainer()
    panel = nv.WeightHeatmap(trainer, "hidden")
    sent = link(panel).sent
    say(panel, kind="attached")
    train(trainer)
    assert (link(panel).sent, link(panel).is_seen, link(panel).newcomers) == (sent, False, 1)
    take(panel)
    wait_until(lambda: link(panel).sent > sent, "the drawing when it is seen")
    assert link(panel).newcomers == len(whole) == 1
    panel.close()


def test_a_page_can_write_no_trait_of_the_link_and_nonsense_raises_nothing() -> None:
    panel = nv.WeightHeatmap(plane_trainer(), "hidden")
    linked = link(panel)
    before = linked.get_state()
    for name, value in {"sent": 9, "title": "x", "words": "x", "_esm": "x", "taken": 9, "layout": None}.items():
        receive(linked, method="update", state={name: value})  # alone: one that is wrong would undo the others
    for content in (None, 5, "x", {"kind": "taken", "page": "p", "taken": 99}):
        receive(linked, method="custom", content=content)
    assert linked.get_state() == before
    assert (linked.taken, linked.is_seen) == (0, False)
    panel.close()


def test_a_panel_out_of_sight_gets_nothing_and_the_newest_when_it_is_seen_again() -> None:
    trainer = plane_trainer()
    watches = Door(trainer).watches
    panel = nv.WeightHeatmap(trainer, "hidden")
    open_page(panel)
    hide(panel)
    sent = link(panel).sent
    for _ in range(3):
        train(trainer)
    assert link(panel).sent == sent
    assert not watches.is_followed
    take(panel)
    wait_until(lambda: link(panel).sent > sent, "a drawing for the page that shows it again")
    assert "step 3" in head(panel)
    assert link(panel).sent == sent + 1
    assert watches.is_followed
    panel.close()


def test_there_is_never_more_than_one_drawing_on_the_way() -> None:
    trainer = plane_trainer()
    panel = nv.WeightHeatmap(trainer, "hidden")
    open_page(panel)
    for _ in range(3):
        train(trainer)
        wait_until(lambda: link(panel).sent == link(panel).taken + 1, "the drawing")
        train(trainer)
        assert link(panel).sent == link(panel).taken + 1
        take(panel)
    panel.close()


def test_a_page_that_hides_the_panel_takes_it_from_no_other() -> None:
    trainer = plane_trainer()
    watches = Door(trainer).watches
    panel = nv.WeightHeatmap(trainer, "hidden")
    open_page(panel, "one")
    open_page(panel, "other")
    hide(panel, "one")
    hide(panel, "a third that never showed it")
    train(trainer)
    wait_until(lambda: link(panel).sent == link(panel).taken + 1, "the drawing")
    take(panel, "other")
    assert watches.is_followed
    hide(panel, "other")
    assert not watches.is_followed
    panel.close()


def test_the_fastest_page_answers_for_all_and_a_late_one_takes_nothing_back() -> None:
    trainer = plane_trainer()
    panel = nv.WeightHeatmap(trainer, "hidden")
    open_page(panel, "fast")
    train(trainer)
    drawn(panel, lambda: "step 1" in head(panel), "the first step")
    taken = link(panel).taken
    assert taken > 1
    say(panel, "slow", kind="taken", taken=1)
    assert link(panel).taken == taken
    panel.close()


def test_a_page_that_died_without_a_word_is_followed_no_more_until_it_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = monotonic()
    monkeypatch.setattr(panel_module, "monotonic", lambda: now_s)
    trainer = plane_trainer()
    watches = Door(trainer).watches
    panel = nv.WeightHeatmap(trainer, "hidden")
    open_page(panel)
    sent = link(panel).sent
    train(trainer)
    wait_until(lambda: link(panel).sent == sent + 1, "one drawing, which nobody answers")
    assert watches.is_followed
    now_s += 2 * panel_module.PATIENCE_S
    train(trainer)
    wait_until(lambda: not watches.is_followed, "the end of the patience")
    assert not link(panel).is_seen
    assert link(panel).sent == sent + 1
    take(panel)
    wait_until(lambda: link(panel).sent == sent + 2, "a drawing for the page that was only slow")
    assert watches.is_followed
    panel.close()


def test_a_drawing_that_never_came_is_sent_whole_when_the_page_says_again_what_it_shows(
    monkeypatch: pytest.MonkeyPatch, whole: list[object]
) -> None:
    now_s = monotonic()
    monkeypatch.setattr(panel_module, "monotonic", lambda: now_s)
    trainer = plane_trainer()
    panel = nv.TrainingCurves(trainer)
    open_page(panel)
    sent = link(panel).sent
    train(trainer)
    wait_until(lambda: link(panel).sent == sent + 1, "a drawing, which is lost on its way")
    before = len(whole)
    say(panel, kind="taken", taken=sent)  # it may still be painting
    assert (link(panel).sent, len(whole)) == (sent + 1, before)
    now_s += 2 * panel_module.PATIENCE_S
    say(panel, kind="taken", taken=sent)
    wait_until(lambda: link(panel).sent == sent + 2, "the same drawing once more")
    assert len(whole) > before
    panel.close()


def test_pages_without_end_are_not_remembered_without_end() -> None:
    panel = nv.WeightHeatmap(plane_trainer(), "hidden")
    for number in range(100):
        take(panel, f"page {number}")
    for number in range(68, 100):
        assert link(panel).is_seen
        hide(panel, f"page {number}")
    assert not link(panel).is_seen
    door = link(panel).comm
    panel.close()
    late = {"method": "custom", "content": {"kind": "taken", "page": "one too late", "taken": 1}}
    door.handle_msg({"content": {"data": late}, "buffers": []})


def test_the_page_gets_a_name_and_words_with_each_drawing_in_one_message() -> None:
    trainer = plane_trainer()
    panel = nv.WeightHeatmap(trainer, "selected")
    assert link(panel).words == panel.describe()
    messages: list[dict[str, Any]] = []
    link(panel).send_state = lambda key=None: messages.append(link(panel).get_state(key))
    assert link(panel).title == "Weights"
    panel.selection = {"layer": trainer.graph.by_name("out").id}
    words = panel.describe()  # nobody sees the panel: this draws it
    assert [set(message) for message in messages] == [{"sent", "words"}]
    assert messages[0]["words"] == words
    assert "out" in words
    panel.close()


def test_words_are_plain_text_and_whole() -> None:
    name = "<b>".join(["long" * 20] * 3)
    panel = nv.WeightHistogram(run_of(KERNEL, name=name))
    assert link(panel).words.startswith(f"Distribution of {name}, kernel weights · step 0: 6 numbers, mean ")
    assert link(panel).words.endswith("% zero.")
    panel.close()


def test_a_new_page_gets_everything_once_more_and_only_then(whole: list[object]) -> None:
    # what changed between a page's look at the state and its first word has reached no one
    panel = nv.TrainingCurves(plane_trainer())
    for page, expected in (("a page", 1), ("another", 2)):
        before = link(panel).sent
        take(panel, page)
        wait_until(lambda before=before: link(panel).sent > before, "the drawing for the new page")
        assert len(whole) == expected
        take(panel, page)
    before = link(panel).sent
    panel.metric = "loss"
    wait_until(lambda: link(panel).sent > before, "another drawing")
    assert len(whole) == 2
    panel.close()
