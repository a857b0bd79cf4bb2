"""Where a training stands."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from nnvis_widget.core.finding import Finding
from nnvis_widget.core.plain_text import plain, sentence
from nnvis_widget.core.snapshot import Moment
from nnvis_widget.core.steps import Steps
from nnvis_widget.core.trial import Trial

State = Literal["idle", "running", "paused", "finished", "failed"]


@dataclass(frozen=True)
class Problem:
    """What went wrong, for a person: a sentence, and the traceback behind it, both without codes for a terminal."""

    title: str
    text: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", plain(self.title))
        object.__setattr__(self, "text", plain(self.text))

    @classmethod
    def of(cls, error: BaseException) -> Problem:
        """An error in a person's own code: its kind, its first line, its traceback."""
        return cls(f"{type(error).__name__}: {sentence(error)}", "".join(traceback.format_exception(error)))


@dataclass(frozen=True)
class FirstBad:
    """Where NaN or infinity first came in.

    Attributes:
        what: The first tensor that was seen so, as `layer/parameter`; the metric where no tensor was.
        moment: When it came; where `sound_step` is the step before, that is exact.
        last_good_step: The last snapshot before with nothing but finite numbers; kept. `None` if there was none.
        sound_step: The last step that is known to have been without any.
        metric: The loss whose recorded value dates it, such as `loss`; `None` where a snapshot of the tensors does.
        is_nan: Whether that value is NaN, or the tensor has one; else it is infinite.
    """

    what: str
    moment: Moment
    last_good_step: int | None
    sound_step: int | None = None
    metric: str | None = None
    is_nan: bool = True


@dataclass(frozen=True)
class Status:
    """Where a training stands; replaced whole, never changed.

    Attributes:
        state: idle → running → paused → finished | failed.
        moment: The newest step.
        steps_per_epoch: `None` where it is not known yet.
        epochs: How many epochs were asked for; `None` for no end.
        optimizer: The optimiser's class name, or `None`.
        commands: The operations that make sense now, by their protocol names.
        problem: Why it failed or what could not be measured.
        first_bad: Where NaN or infinity was first seen.
        generation: Grows when the model behind the run changes.
        pace: At what pace steps are taken, or would be; empty where they are somebody else's.
        ending: Why a training ended before its epochs were over, such as "the best val_loss is 200 epochs old".
        findings: What the doctor has found, the worst cause first, each followed by its consequences.
        steps: Where one stands in the step that is gone through; `None` while none is.
        trial: How the change stands that is tried, or was tried last; `None` where none was.
    """

    state: State = "idle"
    moment: Moment = field(default_factory=Moment)
    steps_per_epoch: int | None = None
    epochs: int | None = None
    optimizer: str | None = None
    commands: tuple[str, ...] = ()
    problem: Problem | None = None
    first_bad: FirstBad | None = None
    generation: int = 0
    pace: str = ""
    ending: str = ""
    findings: Sequence[Finding] = ()
    steps: Steps | None = None
    trial: Trial | None = None
