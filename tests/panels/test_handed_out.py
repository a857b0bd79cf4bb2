"""Are the numbers and pictures that a panel hands out the newest, and is a file what the page made?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.errors import PictureError, PictureTimeoutError
from nnvis_widget.widgets.gate import admit_file

from .helpers import head, hide, link, open_page, plane_trainer, say, wait_until

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'
WITH_STEPS: dict[str, Callable[[Any], Any]] = {
    "gradient flow": lambda trainer: nv.GradientFlow(trainer),
    "distribution": lambda trainer: nv.WeightHistogram(trainer, "hidden"),
    "weights over time": lambda trainer: nv.WeightsOverTime(trainer, "hidden"),
    "training": lambda trainer: nv.TrainingCurves(trainer),
}


def watch_messages(panel: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is sent to the pages as messages of the link."""
    sent: list[Any] = []
    monkeypatch.setattr(link(panel), "send", lambda content, buffers=None: sent.append(content))
    return sent


def train_out_of_sight(trainer: nv.Trainer, panel: Any) -> None:
    open_page(panel)
    hide(panel)
    trainer.run_steps(5)
    trainer.wait(60)


def test_a_table_out_of_sight_has_the_newest_weights() -> None:
    trainer = plane_trainer()
    panel = nv.WeightHeatmap(trainer, "hidden")
    train_out_of_sight(trainer, panel)
    kernel = trainer.model.get_layer("hidden").kernel.numpy()
    table = panel.table()
    values = table[table["parameter"] == "kernel"]["value"].to_numpy().reshape(kernel.shape)
    np.testing.assert_array_equal(values, kernel)
    panel.close()


def test_a_picture_saved_out_of_sight_is_the_newest(tmp_path: Path) -> None:
    trainer = plane_trainer()
    panel = nv.WeightHeatmap(trainer, "hidden")
    train_out_of_sight(trainer, panel)
    panel.save_svg(tmp_path / "weights.svg")
    assert "step 5" in head(panel)
    panel.close()


def test_a_table_of_a_panel_on_no_page_reaches_the_last_step() -> None:
    trainer = plane_trainer()
    panels = {name: make(trainer) for name, make in WITH_STEPS.items()}
    trainer.run_steps(5)
    trainer.wait(60)
    for name, panel in panels.items():
        table = panel.table()
        assert max(table.get("step", table.index)) == 5, name
        panel.close()


def test_counts_and_accuracies_are_the_newest_too() -> None:
    trainer = plane_trainer()
    histogram, confusion = nv.WeightHistogram(trainer, "hidden"), nv.ConfusionMatrix(trainer)
    open_page(confusion)  # predictions are measured for a page that shows it
    trainer.run_steps(5)
    trainer.wait(60)
    kernel = trainer.model.get_layer("hidden").kernel.numpy()
    counts = histogram.counts()
    expected, _ = np.histogram(kernel, [*counts["from"], counts["to"].iloc[-1]])
    np.testing.assert_array_equal(counts["count"], expected)
    assert confusion.accuracies().index[-1] == 5
    for panel in (histogram, confusion):
        panel.close()


def test_what_cannot_be_saved_is_refused_at_once(tmp_path: Path) -> None:
    panel = nv.WeightHeatmap(plane_trainer(), "hidden")
    for path, scale in (("weights.jpg", 2), ("no/such/folder.png", 2), ("weights.png", 9), ("weights.png", True)):
        with pytest.raises(PictureError):
            panel.save_png(tmp_path / path, scale)
    panel.close()
    with pytest.raises(PictureError, match="Expected a page that shows the panel, found none"):
        panel.save_svg(tmp_path / "weights.svg")


def test_what_the_page_made_is_the_file_and_all_else_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = nv.WeightHeatmap(plane_trainer())  # every layer
    open_page(panel)
    messages = watch_messages(panel, monkeypatch)
    picture = panel.save_svg(tmp_path / "weights.svg")
    (order,) = [content for content in messages if content.get("kind") == "export"]
    assert (order["format"], order["scale"]) == ("svg", 1.0)
    number = order["id"]
    for content, buffers in (
        ({"kind": "exported", "export": number + 1}, [SVG]),
        ({"kind": "exported", "export": number}, []),
        ({"kind": "exported", "export": number}, [b"<svg >"]),
        ({"kind": "exported", "export": str(number)}, [SVG]),
        ({"kind": "failed", "export": number, "reason": "x" * 501}, []),
    ):
        say(panel, buffers=buffers, **content)
    with pytest.raises(PictureTimeoutError, match="scroll to it"):
        picture.wait(0.05)
    say(panel, kind="exported", export=number, buffers=[SVG])
    say(panel, "a slower page", kind="exported", export=number, buffers=[SVG + b" "])
    assert picture.wait(10).read_bytes() == SVG
    panel.close()


def test_what_a_page_cannot_make_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = nv.TrainingCurves(plane_trainer())
    open_page(panel)
    messages = watch_messages(panel, monkeypatch)
    refused, left = panel.save_png(tmp_path / "a.png"), panel.save_png(tmp_path / "b.png", scale=0.5)
    first, second = messages[-2:]
    assert second["scale"] == 0.5
    say(panel, kind="failed", export=first["id"], reason="no <canvas>")
    with pytest.raises(PictureError, match=r"could not make a\.png: no <canvas>"):
        refused.wait(10)
    panel.close()
    with pytest.raises(PictureError, match=r"The panel was closed before the page had sent b\.png"):
        left.wait(10)
    assert not list(tmp_path.iterdir())


def test_a_page_that_comes_later_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = nv.TrainingCurves(plane_trainer())  # on no page yet
    picture = panel.save_svg(tmp_path / "curves.svg")
    messages = watch_messages(panel, monkeypatch)
    say(panel, kind="attached")
    wait_until(lambda: messages, "the order for the new page")
    say(panel, kind="exported", export=messages[0]["id"], buffers=[SVG])
    assert picture.wait(10).read_bytes() == SVG
    panel.close()


@pytest.mark.parametrize(
    "content",
    [
        None,
        "exported",
        {"kind": "exported"},
        {"kind": "exported", "export": True},
        {"kind": "exported", "export": -1},
        {"kind": "exported", "export": 1.5},
        {"kind": "failed", "export": 1},
        {"kind": "failed", "export": 1, "reason": None},
        {"kind": "sent", "export": 1},
    ],
)
def test_what_no_page_would_say_of_a_file_is_dropped(content: object) -> None:
    assert admit_file(content) is None
