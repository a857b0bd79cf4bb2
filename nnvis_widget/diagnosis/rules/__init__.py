"""Rules of diagnosis, one family a file."""

from __future__ import annotations

from nnvis_widget.diagnosis.rule import Rule
from nnvis_widget.diagnosis.rules import curves, data, finite, fitting, gradients, labels, pairing, rates, start, units

RULES: tuple[Rule, ...] = (
    *data.RULES,
    *labels.CORRUPT,
    *pairing.RULES,
    *start.RULES,
    *fitting.HELD,
    *rates.RULES,
    *units.RULES,
    *gradients.RULES,
    *finite.RULES,
    *labels.UNTOLD,
    *curves.RULES,
    *fitting.RULES,
)
"""Of this package, causes before symptoms."""
