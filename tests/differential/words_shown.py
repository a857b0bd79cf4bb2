"""Is every word of a view and its panels true? Each is worked out once more from plain Keras and numpy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import ceil
from typing import Any

import keras
import numpy as np

import nnvis_widget as nv
from tests.keras.page import Page

from .programs import Program
from .reference import Reference, is_plain_dense
from .vocabulary import HEADS

NUMBER = r"[−+]?(?:∞|\d[\d.,]*(?:e−?\d+|e-?\d+)?)"
RIGHT_OR_WRONG = ("right", "wrong", "✓", "✗", "class")


class Words:
    """Holds what is said against a reference.

    Args:
        program: What the model is.
        reference: The model, computed plainly.
        y: The targets.
        sample: Which sample is looked at.
        tolerance: Of the outputs, below which one may be taken for another.
    """

    def __init__(self, program: Program, reference: Reference, y: Any, sample: int, tolerance: float) -> None:
        self.head, self.has_several = HEADS[program.head], program.has_several
        self.model, self.reference = reference.model, reference
        self.steps = ceil(program.trained_rows / program.batch_size)
        self.output = reference.outputs[0]
        self.y = None if program.has_several else np.asarray(keras.ops.convert_to_numpy(y), np.float64)
        self.sample, self.tolerance = sample, tolerance

    def faults(self, page: Page, logs: list[dict[str, Any]]) -> Iterator[str]:
        """Of a view whose training is over, and the logs of its epochs."""
        text = page.describe()
        lines = text.split("\n")
        told = {key: rest for key, _, rest in (line.partition(": ") for line in lines)}
        wrong = [
            *self._model(lines[0]),
            *self._state(lines[1], logs),
            *self._layers(lines[2], page.opened),
            *self._time(told.get("Time", ""), logs),
            *self._metrics(told.get(f"Metrics of epoch {len(logs)}", ""), logs[-1]),
            *self._meaning(told.get("Output", "")),
            *self._verdict(told.get(f"Sample {self.sample}", "")),
        ]
        yield from (f"said: {fault}" for fault in wrong)

    def _model(self, line: str) -> Iterator[str]:
        count = sum(int(np.prod(w.shape)) for w in {id(w): w for w in self.model.weights}.values())
        if not re.search(rf"\b{count:,} parameters?\b", line):
            yield f"{line!r}: it has {count:,} parameters"
        optimizer = getattr(self.model.optimizer, "inner_optimizer", self.model.optimizer)
        if type(optimizer).__name__ not in line:
            yield f"{line!r}: it has {type(optimizer).__name__}"

    def _state(self, line: str, logs: list[dict[str, Any]]) -> Iterator[str]:
        losses = [np.isfinite(told["loss"]) for told in logs]
        weights = [np.isfinite(keras.ops.convert_to_numpy(weight)).all() for weight in self.model.weights]
        metrics = [np.isfinite(np.ravel(value)).all() for told in logs for value in told.values()]
        since = re.fullmatch(r"Finished · (?:not finite|NaN) since epoch (\d+\.\d)\.", line)
        if line != "Finished." and (since is None or all([*metrics, *weights])):
            yield f"{line!r} of a training that is over"
        if since is None and not all([*losses, *weights]):
            yield f"{line!r}: the loss of the epochs was {[told['loss'] for told in logs]}"
        if since is not None and not all(losses) and float(since[1]) > losses.index(False) + 1:
            yield f"{line!r}: epoch {losses.index(False) + 1} of {self.steps} steps has a loss that is not finite"

    def _layers(self, line: str, opened: Sequence[str]) -> Iterator[str]:
        said = [re.match(r"(.*?) \((\w+)(?:, (\d+) unit)?", part) for part in line.partition(": ")[2].split("; ")]
        names = [(part[1], part[2]) for part in said if part]
        if not re.match(rf"{len(names)} (layer|card)", line):
            yield f"{line!r}: it names {len(names)} layers"
        right = [one for layer in self._outermost() for one in self._seen(layer, layer.name, opened)]
        inputs = [] if hasattr(self.model, "operations") else [("input", "InputLayer")]
        missing = [*inputs, *((one.name, type(one).__name__) for one in right)]
        for one in names:
            if one in missing:
                missing.remove(one)
            elif self.reference.named(one[0]):
                yield f"{line!r}: it has no {one} there"
        if missing:
            yield f"{line!r}: no {missing}"
        units = {(part[1], part[2]): int(part[3] or 0) for part in said if part}
        for layer in right:
            is_dense = is_plain_dense(layer) and len(self.reference.calls_of(layer)) == 1
            if is_dense and units.get((layer.name, "Dense")) != layer.units:
                yield f"{line!r}: {layer.name} has {layer.units} units"

    def _seen(self, layer: Any, path: str, opened: Sequence[str]) -> list[Any]:
        """A layer, or what is called in it where that is open."""
        if path not in opened:
            return [layer]
        inner = layer.layers if isinstance(layer, keras.Sequential) else self.reference.called_by(layer)
        return [one for each in inner for one in self._seen(each, f"{path}/{each.name}", opened)]

    def _outermost(self) -> list[Any]:
        if hasattr(self.model, "operations") and not isinstance(self.model, keras.Sequential):
            return list(self.model.operations)
        return list(self.model.layers) if isinstance(self.model, keras.Sequential) else [self.model]

    def _layers_shown(self) -> list[Any]:
        is_open = isinstance(self.model, keras.Sequential) or hasattr(self.model, "operations")
        return list(self.model.layers) if is_open else []

    def _time(self, text: str, logs: list[dict[str, Any]]) -> Iterator[str]:
        if text != f"epoch {len(logs)}.0 of {len(logs)} (step {self.steps * len(logs)}).":
            yield f"{text!r} after {len(logs)} epochs of {self.steps} steps"

    def _metrics(self, text: str, logs: dict[str, Any]) -> Iterator[str]:
        parts = [re.fullmatch(r"(.*?) ((?:[<>] )?\S+)", part) for part in text.removesuffix(".").split(", ")]
        said = {part[1]: part[2] for part in parts if part}
        for name, values in logs.items():
            if name == "learning_rate":  # of a callback that comes after ours, and stands with the optimiser
                continue
            numbers = np.ravel(values)
            for place, value in enumerate(numbers.tolist()):
                known = f"{name}[{place}]" if len(numbers) > 1 else name
                words = (f"val {known[4:]}" if known.startswith("val_") else f"train {known}").replace("_", " ")
                if words not in said or not _reads_as(said[words], value):
                    yield f"{words} {said.get(words)!r}, it is {value:.4g}"

    def _meaning(self, text: str) -> Iterator[str]:
        right = "" if self.has_several else f"{self.head.meaning}."
        if text != right:
            yield f"the output means {text!r}, it is {right!r}"

    def _verdict(self, text: str) -> Iterator[str]:
        if self.has_several:
            if text:
                yield f"{text!r} of several outputs"
            return
        output, text = self.output[self.sample], text.removesuffix(".")
        if not np.isfinite(output).all():
            if text != f"no prediction: {'NaN' if np.isnan(output).any() else 'infinite'}":
                yield f"{text!r} of {output}"
            return
        assert self.y is not None
        of_kind = {"class": self._class, "labels": self._labels, "numbers": self._numbers, "again": self._again}
        yield from of_kind[self.head.kind](text, output, self.y.reshape(len(self.y), -1)[self.sample])

    def _class(self, text: str, output: np.ndarray, target: np.ndarray) -> Iterator[str]:
        shares = output if len(output) > 1 else np.array([2 * self.head.boundary - output[0], output[0]])
        low, high = np.sort(shares)[-2:]
        if high - low < self.tolerance:
            return  # a tie is anybody's
        names, guess = self.head.classes, int(shares.argmax())
        true = int(target.argmax()) if len(target) > 1 else int(target[0] > 0) if len(output) == 1 else int(target[0])
        ends = "✓ right" if guess == true else f"✗ wrong: it is {names[true]}"
        begins, then = rf"predicted {re.escape(names[guess])}(?:, (.*?%))?", r"(?:, then (.*), (.*?%))?"
        percent = re.fullmatch(f"{begins}{then}, {re.escape(ends)}", text)
        if percent is None:
            yield f"{text!r}, it is {names[guess]}, {ends}"
        elif (percent[1] is not None) != self.head.has_shares:
            yield f"{text!r}: shares are {self.head.has_shares}"
        elif percent[1] and not _reads_as(percent[1], float(shares[guess]), self.tolerance):
            yield f"{text!r}: the share is {shares[guess]:.4f}"
        else:
            yield from self._second(text, percent[2], percent[3], shares)

    def _second(self, text: str, name: str | None, share: str | None, shares: np.ndarray) -> Iterator[str]:
        if (name is not None) != (self.head.has_shares and len(shares) > 2):
            yield f"{text!r}: of {len(shares)} classes another one is named: {name}"
        elif name is not None and share is not None:
            second, third = np.sort(shares)[[-2, -3]]
            is_tie = second - third < self.tolerance
            if not is_tie and name != self.head.classes[int(np.argsort(shares)[-2])]:
                yield f"{text!r}: the second is {np.argsort(shares)[-2]}"
            if not _reads_as(share, float(second), self.tolerance):
                yield f"{text!r}: the second share is {second:.4f}"

    def _labels(self, text: str, output: np.ndarray, target: np.ndarray) -> Iterator[str]:
        if (np.abs(output - self.head.boundary) < self.tolerance).any():
            return
        said, true = output > self.head.boundary, target == 1
        names = ", ".join(f"label {i}" for i in np.flatnonzero(said)) or "no label"
        wrong = int((said != true).sum())
        ends = f"✗ {wrong} of 3 labels wrong" if wrong else "✓ all 3 labels right"
        if text != f"predicted {names}, {ends}":
            yield f"{text!r}, it is {names}, {ends}"

    def _numbers(self, text: str, output: np.ndarray, target: np.ndarray) -> Iterator[str]:
        numbers = re.fullmatch(rf"predicted ({NUMBER}(?:, {NUMBER})*), off by ({NUMBER})(?: on average)?", text)
        if numbers is None or any(word in text for word in RIGHT_OR_WRONG):
            yield f"{text!r} of {output}"
            return
        said = numbers[1].split(", ")
        off = float(output[0] - target[0]) if len(output) == 1 else float(np.abs(output - target).mean())
        are_right = all(_reads_as(one, value, self.tolerance) for one, value in zip(said, output, strict=False))
        if len(said) != len(output) or not are_right or not _reads_as(numbers[2], off, self.tolerance):
            yield f"{text!r}: it is {output}, off by {off:.4f}"

    def _again(self, text: str, output: np.ndarray, target: np.ndarray) -> Iterator[str]:
        numbers = re.fullmatch(rf"reconstruction, off by ({NUMBER}) on average", text)
        off = float(np.abs(output - target).mean())
        if numbers is None or not _reads_as(numbers[1], off, self.tolerance):
            yield f"{text!r}: it is off by {off:.4f}"

    def faults_of_panels(self, page: Page) -> Iterator[str]:
        """What the panels of activations and of classes say."""
        panel = nv.ActivationPanel(page)
        text = panel.describe()
        panel.close()
        for layer in self._layers_shown():
            calls = self.reference.calls_of(layer)
            said = re.search(rf"\b{re.escape(layer.name)}: from ({NUMBER}) to ({NUMBER}), (.*?%) zero", text)
            if said is None or len(calls) != 1:
                continue
            values = calls[0].put_out[self.sample]
            right = (float(values.min()), float(values.max()))
            if not all(_reads_as(one, value, self.tolerance) for one, value in zip(said.groups(), right, strict=False)):
                yield f"said: {said[0]!r}, it is from {right[0]:.4f} to {right[1]:.4f}"
            if np.abs(values[values != 0]).min(initial=1) > self.tolerance and not _reads_as(
                said[3], float((values == 0).mean())
            ):
                yield f"said: {said[0]!r}, {(values == 0).mean():.4f} are zero"
        if self.head.kind == "class" and not self.has_several and self._layers_shown():
            yield from self._confusion(page)

    def _confusion(self, page: Page) -> Iterator[str]:
        assert self.y is not None
        panel = nv.ConfusionMatrix(page)
        page.look()
        counts = panel.table().to_numpy()
        panel.close()
        targets, count = self.y.reshape(len(self.y), -1), 2 if self.output.shape[1] == 1 else 3
        right, unsure = np.zeros((count, count), int), 0
        for output, target in zip(self.output, targets, strict=True):
            shares = output if len(output) > 1 else np.array([2 * self.head.boundary - output[0], output[0]])
            unsure += int(np.diff(np.sort(shares)[-2:])[0] < self.tolerance)
            true = int(target.argmax()) if len(target) > 1 else int(target[0] > 0) if count == 2 else int(target[0])
            right[true, int(shares.argmax())] += 1
        if counts.sum() != len(targets) or np.abs(counts - right).sum() > 2 * unsure:
            yield f"said: confusion {counts.tolist()}, it is {right.tolist()}"


def _reads_as(text: str, value: float, tolerance: float = 0.0) -> bool:
    """Whether a number that was written for a person is this one."""
    if not np.isfinite(value):
        return text in ("NaN", "∞", "−∞")
    plain, is_share = text.replace("−", "-").replace(",", "").replace("+", ""), text.endswith("%")
    if plain.startswith(("< ", "> ")):
        return value < 0.0011 if plain[0] == "<" else value > 0.9993
    try:
        number = float(plain.removesuffix("%")) / (100 if is_share else 1)
    except ValueError:
        return False
    digits = plain.removesuffix("%").partition("e")[0].partition(".")[2]
    exponent = int(plain.partition("e")[2] or 0) if "e" in plain else -2 if is_share else 0
    step = 10.0 ** (exponent - len(digits))
    return abs(number - value) <= 0.51 * step + tolerance * (0.1 + abs(value)) + 2e-6 * abs(value)
