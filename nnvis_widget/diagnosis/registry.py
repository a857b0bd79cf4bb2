"""Which rules there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from nnvis_widget.diagnosis.rule import FAMILIES, Case, Family, Rule, Sign
from nnvis_widget.diagnosis.rules import RULES
from nnvis_widget.errors import ModelError

# Of the whole process, like keras.saving.register_keras_serializable.
_registered: dict[str, Rule] = {}


def register_rule(
    name: str,
    judge: Callable[[Case], Iterable[Sign]],
    *,
    family: Family = "curves",
    in_a_row: int = 1,
    thresholds: Mapping[str, float] | None = None,
) -> None:
    """Add a rule of your own; doctors that begin later ask it at every look. The same name again replaces it.

    Args:
        name: Not that of a rule of this package.
        judge: A pure function of a `Case` that gives a `Sign` for each place where something is wrong.
        family: Where it is told.
        in_a_row: On how many looks it must be seen before it is told.
        thresholds: What it holds numbers against: `case.thresholds["mine"]`.

    Raises:
        ModelError: If the name is taken or there is no such family.

    Example:
        >>> from nnvis_widget.core.finding import Place
        >>> from nnvis_widget.diagnosis.rule import Sign
        >>> def too_sure(case):
        ...     if case.now.loss < case.thresholds["too_sure"]:
        ...         yield Sign(Place("loss"), "warning", case.now.loss, case.thresholds["too_sure"])
        >>> nv.register_rule("too_sure", too_sure, thresholds={"too_sure": 1e-6})
    """
    if name in {rule.name for rule in RULES}:
        raise ModelError(f"Expected a name of your own for the rule, got {name!r}, which is one of nnvis_widget's.")
    if family not in FAMILIES:
        raise ModelError(f"Expected a family of {', '.join(FAMILIES)}, got {family!r}.")
    _registered[name] = Rule(name, family, judge, in_a_row, thresholds or {}, uses=None, heeds=True)


def all_rules() -> tuple[Rule, ...]:
    """Those of this package, causes before symptoms, then those of a person."""
    return (*RULES, *_registered.values())
