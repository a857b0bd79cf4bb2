"""When a sign becomes a finding, and when it is over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from nnvis_widget.diagnosis.rule import Rule, Sign

CLEAN_LOOKS = 3

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Standing:
    """A sign over the looks.

    Attributes:
        rule: Whose it is.
        sign: As it was seen last.
        since_step: The first step of this row of looks.
        last_step: The last step at which it was seen.
        seen: On how many looks in a row.
        clean: How many looks in a row it has not been seen.
        is_told: Whether it has become a finding.
        is_over: Whether it is no longer so.
    """

    rule: Rule
    sign: Sign
    since_step: int
    last_step: int
    seen: int = 1
    clean: int = 0
    is_told: bool = False
    is_over: bool = False

    @property
    def stands(self) -> bool:
        """Whether it is told and not over."""
        return self.is_told and not self.is_over


def next_standings(
    known: Mapping[Key, Standing],
    rule: Rule,
    signs: Iterable[Sign],
    step: int,
    in_a_row: int | None = None,
    clean_looks: int = CLEAN_LOOKS,
) -> dict[Key, Standing]:
    """What stands of one rule after another look.

    Args:
        known: What stood of it before.
        rule: The rule.
        signs: What it sees now.
        step: Where.
        in_a_row: Looks that are needed; that of the rule where it is `None`.
        clean_looks: Looks without it after which it is over.
    """
    needed = rule.in_a_row if in_a_row is None else in_a_row
    now = {(rule.name, *(("", "") if rule.is_one else sign.place.key)): sign for sign in signs}
    found: dict[Key, Standing] = {}
    for key in (*known, *(key for key in now if key not in known)):
        before, sign = known.get(key), now.get(key)
        if sign is not None:
            found[key] = _seen(before, rule, sign, step, needed)
        elif before is not None:
            after = _unseen(before, clean_looks)
            if after.is_told or after.clean < clean_looks:
                found[key] = after
    return found


def _seen(before: Standing | None, rule: Rule, sign: Sign, step: int, needed: int) -> Standing:
    if before is None or (before.clean and not before.stands):
        fresh = Standing(rule, sign, step, step, is_told=needed <= 1)
        # What has been over and comes again stays told while it is counted anew.
        return replace(fresh, is_told=True, is_over=needed > 1) if before is not None and before.is_told else fresh
    seen = before.seen + 1
    is_told = before.is_told or seen >= needed
    is_over = before.is_over and seen < needed
    return replace(before, sign=sign, last_step=step, seen=seen, clean=0, is_told=is_told, is_over=is_over)


def _unseen(before: Standing, clean_looks: int) -> Standing:
    clean = before.clean + 1
    seen = before.seen if before.is_told else 0
    return replace(before, clean=clean, seen=seen, is_over=before.is_over or clean >= clean_looks)
