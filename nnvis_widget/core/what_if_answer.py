"""What a network answers with changes that it has not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from nnvis_widget.core.snapshot import Moment, Snapshot
from nnvis_widget.core.what_if import Changes


class Pair(NamedTuple):
    """A number without and with the changes."""

    before: float
    after: float


class Output(NamedTuple):
    """What a unit of the output puts out for the sample without and with the changes."""

    name: str
    before: float
    after: float


class Flip(NamedTuple):
    """A sample whose answer is another with the changes: what was predicted, what is, and what is true."""

    sample: int
    before: str
    after: str
    truth: str


@dataclass(frozen=True)
class WhatIfAnswer:
    """Before and after, both by a pass of the same kind over the same samples, with the weights of one moment.

    Attributes:
        changes: What was tried.
        moment: Whose weights it was tried on.
        sample: The sample of `outputs`.
        outputs: Each number that the network puts out for it, of several outputs the first one's; at most 64.
        loss: The model's own loss on the probe batch, in inference mode; `None` where it has none.
        metrics: Its compiled metrics on it by name; of classes without one the share that is right.
        rows: How many samples the probe batch has, the first ones.
        flip_count: How many of them get another answer; `None` where answers are no classes.
        flips: The first 64 of these.
        held: What each change of kind `unit` or `edge` with `mean` is held at, by its place in `changes`.
        was: What each change of kind `weight` or `input` takes the place of, likewise.
        problem: Why it could not be computed, in words; empty where it was.
        snapshot: What is drawn; `None` where it could not be computed.
    """

    changes: Changes = ()
    moment: Moment = field(default_factory=Moment)
    sample: int = 0
    outputs: tuple[Output, ...] = ()
    loss: Pair | None = None
    metrics: dict[str, Pair] = field(default_factory=dict)
    rows: int = 0
    flip_count: int | None = None
    flips: tuple[Flip, ...] = ()
    held: dict[int, float] = field(default_factory=dict)
    was: dict[int, float] = field(default_factory=dict)
    problem: str = ""
    snapshot: Snapshot | None = field(default=None, repr=False, compare=False)
