"""What a network says of one sample, what is true of it, and whether that is so: in words that the task allows.

Panels, frames and descriptions all say it with these; the page shows the words as they come.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Literal

import numpy as np

from nnvis_widget.core.number_text import (
    MINUS,
    format_number,
    format_percent,
    format_signed,
    safe_text,
)
from nnvis_widget.core.task import Task
from nnvis_widget.core.words.say import say
from nnvis_widget.reduce.confusion import NO_CLASS, classes_by_place, predicted_classes, true_classes, yes_or_no

MOST_LISTED = 4
SHARE_TOLERANCE = 0.01

Tone = Literal["good", "bad", "plain"]


@dataclass(frozen=True)
class Verdict:
    """What a network says of a sample.

    Attributes:
        verb: `predicted`, `output`, `reconstruction` or `picture`; empty where nothing is predicted.
        predicted: `4 four, 75.3%`, `1.50`, `cat, dog`; may be empty.
        words: `✓ right`, `✗ wrong: it is 5 five`, `off by −0.20`, `✗ 1 of 3 labels wrong`, `no prediction: NaN`; empty
            where the truth is not known.
        tone: `good` for right, `bad` for wrong or broken.
        unit: The output unit that it is said of; `None` where it is said of all.
        rights: Of labels whether each is right; empty elsewhere.
        second: `then 9 nine, 5.9%`: the likeliest class beside the predicted one; empty where there are no more than
            two, or the outputs are no shares.
    """

    verb: str = ""
    predicted: str = ""
    words: str = ""
    tone: Tone = "plain"
    unit: int | None = None
    rights: tuple[bool, ...] = ()
    second: str = ""

    @property
    def text(self) -> str:
        """In one line: `predicted 4 four, 75.3%, then 9 nine, 5.9%, ✓ right`."""
        said = " ".join(filter(None, [self.verb, self.predicted]))
        return say("comma").join(filter(None, [said, self.second, self.words]))


def judge(task: Task, outputs: np.ndarray, target: np.ndarray | None, names: Sequence[str] = ()) -> Verdict:
    """Say what a network puts out for a sample.

    Args:
        task: What its outputs mean.
        outputs: Of its only output, flat.
        target: What is to come out, flat; `None` where it is not known.
        names: Of classes or labels.
    """
    outputs = outputs.reshape(-1).astype(np.float64)
    if not np.isfinite(outputs).all():
        is_nan = bool(np.isnan(outputs).any())
        return Verdict(words=say("noPredictionNan" if is_nan else "noPredictionInfinite"), tone="bad")
    if task.has_classes:
        return _of_classes(task, outputs, target, names)
    if task.kind == "labels":
        return _of_labels(task, outputs, target, names)
    if task.kind == "class_of_each":
        return _of_places(task, outputs, target, names)
    if task.kind is None:
        return Verdict(say("outputVerb"), _listed(list(map(format_number, outputs.tolist()))))
    is_numbers = task.kind == "numbers"
    predicted = _listed(list(map(format_number, outputs.tolist()))) if is_numbers else ""
    verb = "predicted" if is_numbers else task.kind
    return Verdict(say(verb), predicted, _difference(outputs, target))


def truth_text(task: Task, units: int, target: np.ndarray | None, names: Sequence[str] = ()) -> str:
    """What is true of a sample: `4 four`, `target 1.25`, `labels cat, dog`; empty where not known, or a picture."""
    if target is None or not len(target) or task.kind in (None, "class_of_each", "picture", "reconstruction"):
        return ""
    if task.has_classes:
        true = _true_class(task, units, target)
        return class_label(names, true) if true is not None else _number_target(target)
    if task.kind == "labels":
        said = _said(target, task)
        return "" if len(target) != units or said is None else say("labelsAre", names=_label_list(said, names))
    return _number_target(target)


def class_of_target(task: Task, units: int, target: np.ndarray | None) -> float | None:
    """The index of the true class, or the only number of a target; `None` where it is neither."""
    if target is None or not len(target):
        return None
    if task.has_classes:
        return _true_class(task, units, target)
    is_number = task.kind in ("numbers", "reconstruction") and len(target) == 1 and np.isfinite(target[0])
    return float(target[0]) if is_number else None


def class_label(names: Sequence[str], index: int, noun: str = "className") -> str:
    """`4 four`, `class 4`; no number where the name has one. Twin of `className` in js/src/layout/unitNames.ts."""
    name = str(names[index]) if index < len(names) else ""
    if not name:
        return say(noun, index=index)
    return safe_text(name) if re.search("[0-9]", name) else f"{index} {safe_text(name)}"


def meaning(task: Task, units: int | None, say: Callable[..., str] = say) -> str:
    """What the outputs mean, in a phrase for a description, or with `english` for an error."""
    match task.kind:
        case "one_of_several":
            return say("oneOfClasses", classes=f"{units:,}") if units else say("oneOfSeveral")
        case "one_of_two":
            return say("oneOfTwo")
        case "labels":
            return say("yesOrNoLabels", units=f"{units:,}") if units else say("yesOrNo")
        case "class_of_each":
            if not units or not task.shape:
                return say("classOfEach")
            places = prod(task.shape)
            return say("classesOfPlaces", classes=f"{units // places:,}", places=say("places", count=places))
        case "numbers":
            return (
                say("aNumber") if units == 1 else say("someNumbers", units=f"{units:,}") if units else say("numbersOut")
            )
        case "picture":
            return say("aPicture")
        case "reconstruction":
            return say("inputAgain")
    return say("meaningUnknown")


def _of_classes(task: Task, outputs: np.ndarray, target: np.ndarray | None, names: Sequence[str]) -> Verdict:
    guess = int(predicted_classes(outputs[None], task)[0])
    share = outputs[guess] if len(outputs) > 1 else outputs[0] if guess else 1 - outputs[0]
    percent = say("comma") + format_percent(float(share)) if _are_shares(task, outputs) else ""
    predicted, unit = class_label(names, guess) + percent, guess if len(outputs) > 1 else 0
    said = Verdict(say("predicted"), predicted, unit=unit, second=_second(outputs, guess, names) if percent else "")
    if target is None or not len(target):
        return said
    true = _true_class(task, len(outputs), target)
    if true is None:
        return replace(said, words=_unclear(target, guess, max(2, len(outputs))))
    if guess == true:
        return replace(said, words=say("right"), tone="good")
    return replace(said, words=say("wrongItIs", name=class_label(names, true)), tone="bad")


def _second(outputs: np.ndarray, guess: int, names: Sequence[str]) -> str:
    if len(outputs) <= 2:
        return ""
    others = outputs.copy()
    others[guess] = -np.inf
    second = int(others.argmax())
    return say("thenLikeliest", name=class_label(names, second), share=format_percent(float(outputs[second])))


def _of_labels(task: Task, outputs: np.ndarray, target: np.ndarray | None, names: Sequence[str]) -> Verdict:
    said = outputs > task.boundary
    predicted = _label_list(said, names)
    true = None if target is None or len(target) != len(outputs) else _said(target, task)
    if true is None:
        return Verdict(say("predicted"), predicted)
    rights, labels = said == true, say("labels", count=len(outputs))
    wrong = int((~rights).sum())
    words = say("labelsWrong", wrong=f"{wrong:,}", labels=labels) if wrong else say("labelsRight", labels=labels)
    return Verdict(say("predicted"), predicted, words, "bad" if wrong else "good", rights=tuple(rights.tolist()))


def _of_places(task: Task, outputs: np.ndarray, target: np.ndarray | None, names: Sequence[str]) -> Verdict:
    found = classes_by_place(outputs, target, task)
    if found is None:
        return Verdict()
    guesses, true = found
    is_row = len(task.shape) == 1
    listed = [class_label(names, int(guess)) for guess in guesses[: MOST_LISTED + 1]] if is_row else []
    said = Verdict(say("predicted") if is_row else "", _listed(listed, len(guesses)))
    if true is None:
        return said
    known = int((true != NO_CLASS).sum())
    right = int(((guesses == true) & (true != NO_CLASS)).sum())
    words = say("rightAtPlaces", right=f"{right:,}", places=say("places", count=known))
    return replace(said, words=words, tone="good" if right == known else "plain")


def _true_class(task: Task, units: int, target: np.ndarray) -> int | None:
    classes = true_classes(target[None] if len(target) > 1 else target, units, task)
    return int(classes[0]) if classes is not None and classes[0] >= 0 else None


def _unclear(target: np.ndarray, guess: int, classes: int) -> str:
    """Why a target is none of the classes."""
    if len(target) == 1:
        return say("targetNoClass", value=_written(float(target[0])), classes=classes)
    if not np.isfinite(target).all():
        return say("targetNotFinite")
    if set(target.tolist()) <= {0.0, 1.0}:
        return say("targetManyClasses", classes=f"{int(target.sum()):,}") if target.any() else say("targetNamesNone")
    if (target >= 0).all() and abs(target.sum() - 1) < SHARE_TOLERANCE and guess < len(target):
        return say("targetGives", share=format_percent(float(target[guess])))
    return say("targetNamesNone")


def _are_shares(task: Task, outputs: np.ndarray) -> bool:
    """Whether outputs are probabilities as they are: also of a layer whose inside is not known."""
    is_inside = bool(((outputs >= 0) & (outputs <= 1 + SHARE_TOLERANCE)).all())
    is_whole = len(outputs) == 1 or abs(float(outputs.sum()) - 1) < SHARE_TOLERANCE
    return task.is_share and is_inside and is_whole


def _said(target: np.ndarray, task: Task) -> np.ndarray | None:
    """Of each label what its target says; `None` where one says neither yes nor no."""
    said = yes_or_no(target, task)
    return said == 1 if (said != NO_CLASS).all() else None


def _label_list(said: np.ndarray, names: Sequence[str]) -> str:
    on = np.flatnonzero(said).tolist()
    return _listed([class_label(names, unit, "labelName") for unit in on]) if on else say("noLabel")


def _difference(outputs: np.ndarray, target: np.ndarray | None) -> str:
    if target is None or len(target) != len(outputs):
        return ""
    if not np.isfinite(target).all():
        return say("targetNotFinite")
    if len(outputs) == 1:
        return say("offBy", value=format_signed(float(outputs[0] - target[0])))
    return say("offByAverage", value=format_number(float(np.abs(outputs - target).mean()), 3))


def _number_target(target: np.ndarray) -> str:
    return say("targetIs", value=_listed(list(map(_written, target.tolist()))))


def _listed(texts: list[str], count: int | None = None) -> str:
    count = len(texts) if count is None else count
    more = say("listMore", count=count - MOST_LISTED) if len(texts) > MOST_LISTED else ""
    return say("comma").join(texts[:MOST_LISTED]) + more


def _written(value: float) -> str:
    return f"{value:.0f}".replace("-", MINUS) if value.is_integer() and abs(value) < 1e6 else format_number(value)
