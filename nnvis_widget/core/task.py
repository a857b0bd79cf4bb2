"""What the outputs of a network mean: which words are true of them.

Decided once, in `keras_adapter/read/read_task.py`; it travels with the samples (`scenery_frame`), and whoever says
something of an output asks it. The twin of the kinds is js/src/core/frame.ts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from nnvis_widget.core.number_text import MINUS

TaskKind = Literal["one_of_several", "one_of_two", "labels", "class_of_each", "numbers", "picture", "reconstruction"]
TASK_KINDS: tuple[TaskKind, ...] = get_args(TaskKind)


@dataclass(frozen=True)
class Task:
    """What the outputs mean.

    Attributes:
        kind: `one_of_several` classes, a unit each; `one_of_two` classes, told by one unit; `labels`, each with a unit
            that says yes or no; a `class_of_each` place of a sequence or picture; `numbers`, one or several; a
            `picture`; the `reconstruction` of the input. `None` where it is not known.
        boundary: A unit says yes above it, of one of two classes and of labels.
        no: What a target says for no, of one of two classes and of labels: 0, or -1 for a hinge loss.
        yes: What it says for yes.
        is_share: Whether outputs are probabilities.
        from_logits: Whether outputs are logits: a softmax or a sigmoid of them is a probability.
        shape: Of a picture its rows, columns and channels, of a class of each place how these lie: `(places,)` or
            `(rows, columns)`. Empty of all else, and where it is not known.
    """

    kind: TaskKind | None = None
    boundary: float = 0.5
    no: float = 0.0
    yes: float = 1.0
    is_share: bool = False
    from_logits: bool = False
    shape: tuple[int, ...] = ()

    @property
    def has_classes(self) -> bool:
        """Whether one class is right and all others are wrong."""
        return self.kind in ("one_of_several", "one_of_two")

    @property
    def class_names(self) -> tuple[str, ...]:
        """What the classes are called where a person gave no names and their numbers do not say it."""
        return (f"class {MINUS}1", "class +1") if self.kind == "one_of_two" and self.no == -1 else ()


UNKNOWN = Task()
