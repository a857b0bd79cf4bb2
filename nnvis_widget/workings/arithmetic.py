"""The arithmetic of one unit for one sample, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.as_code import as_code
from nnvis_widget.workings.as_latex import as_latex
from nnvis_widget.workings.as_page import as_html, as_text
from nnvis_widget.workings.card import Card, Check, Sum, Term


@dataclass(frozen=True)
class Gradient:
    """∂L/∂w of the weights into a unit, by the name of their variable.

    Attributes:
        sample: Of the chosen sample alone: δ · a; empty where only autodiff of the batch tells.
        batch: Of the batch, as the step uses it: with regularisers, before clipping.
    """

    sample: Mapping[str, np.ndarray] = field(default_factory=dict)
    batch: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Update:
    """What the next step makes of the weights into a unit, by the name of their variable.

    Attributes:
        before: As they are.
        after: As the optimiser would leave them.
        cards: Its rule, with the slots before and after.
    """

    before: Mapping[str, np.ndarray]
    after: Mapping[str, np.ndarray]
    cards: Mapping[str, Card]


@dataclass(frozen=True)
class Checked:
    """What all was compared with.

    Attributes:
        checks: Each comparison.
    """

    checks: tuple[Check, ...] = ()

    @property
    def difference(self) -> float:
        """The largest difference, relative to the numbers that were compared; NaN where nothing was."""
        return max((check.difference for check in self.checks), default=float("nan"))

    @property
    def against(self) -> str:
        """What that one was compared with; empty where nothing was."""
        return max(self.checks, key=lambda check: check.difference).against if self.checks else ""

    @property
    def is_right(self) -> bool:
        """Whether something was compared, and nothing contradicts."""
        return bool(self.checks) and all(check.is_right for check in self.checks)


@dataclass(frozen=True, repr=False)
class Arithmetic:
    """The arithmetic of one unit, for one sample and one batch: forward, loss, backward, gradient, update.

    Attributes:
        layer: Its name.
        kind: Its class.
        unit: Place along the last axis of what the layer puts out.
        position: Places along the axes before it; empty where there are none.
        sample: Which sample of the data.
        batch: The samples that the loss is of.
        is_training: Whether the layers did what they do in a step: dropout drops, batches are normalised by themselves.
        output: What the unit puts out.
        cards: The steps, by name: `forward`, `loss`, `loss_of_batch`, `backward`, `gradient`. Of several outputs each
            has its own loss, named as `fit` names it: `age_loss`.
        delta: δ = ∂L/∂z of the unit (∂L/∂output of a layer without activation), of the sample as the mean of the batch
            counts it; `None` without a loss.
        gradient: Of its weights; `None` without a loss or weights.
        update: Of its weights; `None` where no step can be told.
        notes: What could not be told, and why.
    """

    layer: str
    kind: str
    unit: int
    position: tuple[int, ...]
    sample: int
    batch: tuple[int, ...]
    is_training: bool
    output: float
    cards: Mapping[str, Card]
    delta: float | None = None
    gradient: Gradient | None = None
    update: Update | None = None
    notes: tuple[str, ...] = ()

    @property
    def sum(self) -> Sum | None:
        """The terms of the unit's sum and what they come to; `None` where it has none."""
        return self.cards["forward"].sum

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms of the unit's sum."""
        return self.sum.terms if self.sum is not None else ()

    @property
    def all_cards(self) -> tuple[Card, ...]:
        """Every card in the order of the steps."""
        return (*self.cards.values(), *(self.update.cards.values() if self.update is not None else ()))

    @property
    def losses(self) -> tuple[Card, ...]:
        """The loss of the sample, at several outputs of each, and that of the batch."""
        return tuple(card for name, card in self.cards.items() if name.endswith(("loss", "loss_of_batch")))

    @property
    def checked(self) -> Checked:
        """The largest difference from a forward pass and from autodiff, and against what."""
        return Checked(tuple(check for card in self.all_cards for check in card.checks))

    @property
    def title(self) -> str:
        """Which unit, of which layer, for which sample."""
        told = "{layer} ({kind}), unit {unit} at {place}, sample {sample}"
        return phrase(
            told if self.position else "{layer} ({kind}), unit {unit}, sample {sample}",
            layer=self.layer,
            kind=self.kind,
            unit=self.unit,
            place=", ".join(map(str, self.position)),
            sample=self.sample,
        )

    def to_latex(self) -> str:
        """Every formula with its number, an `aligned` a card."""
        return as_latex(self.all_cards)

    def to_numpy(self) -> str:
        """Python that needs numpy alone and yields the same numbers, card by card."""
        return as_code(self.title, self.all_cards)

    def to_frame(self) -> Any:
        """The terms of the sum as a pandas `DataFrame`: name, weight, input, value.

        Raises:
            ImportError: If pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError(
                "to_frame() needs pandas, which is not installed. Install it: pip install pandas"
            ) from error
        rows = [(term.name, term.weight, term.input, term.value) for term in self.terms]
        return pd.DataFrame(rows, columns=["name", "weight", "input", "value"])

    def __repr__(self) -> str:
        return as_text(self.title, self.all_cards, self.notes)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        html = as_html(self.title, self.all_cards, self.notes)
        return {"text/plain": repr(self), "text/html": html}
