"""What is said of one sample, each against what a person would read off the numbers."""

from __future__ import annotations

import numpy as np
import pytest

from nnvis_widget.core.task import TASK_KINDS, Task
from nnvis_widget.reduce.verdict import judge, meaning, truth_text

SEVERAL = Task("one_of_several", is_share=True)
LOGITS = Task("one_of_several", from_logits=True)
TWO = Task("one_of_two", is_share=True)
TWO_LOGITS = Task("one_of_two", boundary=0.0, from_logits=True)
SIGNS = Task("one_of_two", boundary=0.0, no=-1)
LABELS = Task("labels", is_share=True)
NAMES = ("zero", "one", "two")
NAMED = "predicted 1 one, 75.0%, then 2 two, 15.0%"
NUMBERED = "predicted class 1, 75.0%, then class 2, 15.0%"


@pytest.mark.parametrize(
    ("task", "outputs", "target", "names", "said"),
    [
        (SEVERAL, [0.1, 0.75, 0.15], [1], NAMES, f"{NAMED}, ✓ right"),
        (SEVERAL, [0.1, 0.75, 0.15], [2], NAMES, f"{NAMED}, ✗ wrong: it is 2 two"),
        (SEVERAL, [0.1, 0.75, 0.15], [0, 1, 0], (), f"{NUMBERED}, ✓ right"),
        (SEVERAL, [0.1, 0.75, 0.15], [0.9, 0.05, 0.05], (), f"{NUMBERED}, ✗ wrong: it is class 0"),
        (SEVERAL, [0.1, 0.75, 0.15], [0.3, 0.6, 0.1], (), f"{NUMBERED}, the target gives it 60.0%"),
        (SEVERAL, [0.1, 0.75, 0.15], [1, 1, 0], (), f"{NUMBERED}, the target names 2 classes"),
        (SEVERAL, [0.1, 0.75, 0.15], [0, 0, 0], (), f"{NUMBERED}, the target names no class"),
        (SEVERAL, [0.1, 0.75, 0.15], [7], (), f"{NUMBERED}, the target 7 is none of the 3 classes"),
        (SEVERAL, [0.1, 0.75, 0.15], [-1], (), f"{NUMBERED}, the target −1 is none of the 3 classes"),
        (SEVERAL, [0.1, 0.75, 0.15], [np.nan], (), f"{NUMBERED}, the target NaN is none of the 3 classes"),
        (SEVERAL, [0.1, 0.75, 0.15], None, NAMES, NAMED),
        (SEVERAL, [0.9, 0.75, 0.15], [0], NAMES, "predicted 0 zero, ✓ right"),  # they are no shares of 1
        (SEVERAL, [0.5, 0.5], [0], (), "predicted class 0, 50.0%, ✓ right"),  # of two the other one needs no word
        (SEVERAL, [0.3, 0.3, 0.4], [2], (), "predicted class 2, 40.0%, then class 0, 30.0%, ✓ right"),
        (LOGITS, [-3, 4, 1], [1], NAMES, "predicted 1 one, ✓ right"),
        (TWO, [0.25], [0], (), "predicted class 0, 75.0%, ✓ right"),
        (TWO, [0.808], [0], (), "predicted class 1, 80.8%, ✗ wrong: it is class 0"),
        (TWO, [0.5], [0], (), "predicted class 0, 50.0%, ✓ right"),  # as keras.metrics.BinaryAccuracy has it
        (TWO, [0.25], [0.3], (), "predicted class 0, 75.0%, the target 0.30 is none of the 2 classes"),
        (TWO_LOGITS, [0.2], [1], (), "predicted class 1, ✓ right"),
        (TWO_LOGITS, [-0.2], [1], ("no", "yes"), "predicted 0 no, ✗ wrong: it is 1 yes"),
        (SIGNS, [-0.3], [-1], ("class −1", "class +1"), "predicted class −1, ✓ right"),
        (SIGNS, [-0.3], [1], ("class −1", "class +1"), "predicted class −1, ✗ wrong: it is class +1"),
        (LABELS, [0.9, 0.8], [1, 1], (), "predicted label 0, label 1, ✓ all 2 labels right"),
        (LABELS, [0.9, 0.2, 0.7], [1, 1, 1], NAMES, "predicted 0 zero, 2 two, ✗ 1 of 3 labels wrong"),
        (LABELS, [0.1, 0.2], [0, 0], (), "predicted no label, ✓ all 2 labels right"),
        (LABELS, [0.1, 0.2], [0.5, 0], (), "predicted no label"),
        (Task("numbers"), [1.5], [1.25], (), "predicted 1.50, off by +0.25"),
        (Task("numbers"), [1.0, 2.0], [2.0, 4.0], (), "predicted 1.00, 2.00, off by 1.500 on average"),
        (Task("numbers"), [1.0] * 6, None, (), "predicted 1.00, 1.00, 1.00, 1.00 and 2 more"),
        (Task("numbers"), [1.0], [np.nan], (), "predicted 1.00, the target is not finite"),
        (Task("reconstruction"), [0.0, 1.0], [0.5, 1.0], (), "reconstruction, off by 0.250 on average"),
        (Task("picture"), [0.0, 1.0], None, (), "picture"),
        (Task(), [0.808], [1], ("no", "yes"), "output 0.81"),
        (SEVERAL, [np.nan, 0.5, 0.5], [1], NAMES, "no prediction: NaN"),
        (TWO, [np.inf], [1], (), "no prediction: infinite"),
        (Task(), [np.nan], None, (), "no prediction: NaN"),
    ],
)
def test_what_is_said_is_true_of_the_numbers(task, outputs, target, names, said) -> None:
    flat = None if target is None else np.float64(target)
    verdict = judge(task, np.float32(outputs), flat, names)
    assert verdict.text == said
    assert verdict.tone == ("good" if "✓" in said else "bad" if "✗" in said or "no prediction" in said else "plain")


WITH_CLASSES = ("one_of_several", "one_of_two", "class_of_each")


@pytest.mark.parametrize("kind", [kind for kind in (*TASK_KINDS, None) if kind not in WITH_CLASSES])
def test_nothing_is_called_a_class_that_is_none(kind) -> None:
    for target in (None, [1.0, 0.0], [0.3, 0.7]):
        flat = None if target is None else np.float64(target)
        task = Task(kind, is_share=kind == "labels")
        said = judge(task, np.float32([1.0, 0.0]), flat).text + meaning(task, 2) + truth_text(task, 2, flat)
        assert "class" not in said
        assert kind == "labels" or not any(word in said for word in ("right", "wrong", "✓", "✗", "%"))


@pytest.mark.parametrize(
    ("task", "units", "target", "said"),
    [
        (SEVERAL, 3, [2], "2 two"),
        (SEVERAL, 3, [7], "target 7"),
        (SEVERAL, 3, [0.2, 0.3, 0.5], "target 0.20, 0.30, 0.50"),
        (LABELS, 3, [1, 0, 1], "labels 0 zero, 2 two"),
        (Task("numbers"), 1, [0.125], "target 0.13"),
        (Task("reconstruction"), 3, [1, 0, 1], ""),
        (Task(), 3, [1], ""),
        (SEVERAL, 3, None, ""),
    ],
)
def test_the_truth_of_a_sample(task, units, target, said) -> None:
    assert truth_text(task, units, None if target is None else np.float64(target), NAMES) == said
