"""What is wrong with a training, as far as somebody has looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets

from nnvis_widget.core.command import CancelTrial, Command, SetHyperparameter, SetThreshold, TryChange
from nnvis_widget.core.finding import Finding
from nnvis_widget.core.findings import Findings
from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.core.trial import Trial, TrialResult
from nnvis_widget.core.words.findings import reason_text, rule_name
from nnvis_widget.core.words.say import say
from nnvis_widget.diagnosis.doctor import default_thresholds
from nnvis_widget.diagnosis.registry import all_rules
from nnvis_widget.errors import NnvisError
from nnvis_widget.keras_adapter.changes import advice_to_try
from nnvis_widget.widgets.panels.figures.style import text
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.parts.finding_card import FindingCard
from nnvis_widget.widgets.panels.parts.finding_lanes import lanes_html
from nnvis_widget.widgets.panels.parts.threshold_sliders import ThresholdSliders
from nnvis_widget.widgets.panels.parts.trial_row import TrialRow
from nnvis_widget.widgets.weakly import weakly

MOST_CARDS = 3


class FindingsPanel(Panel):
    """What the doctor of a training has found, the cause first; live.

    Each card is a cause with what follows from it, the number that was judged beside its threshold and over the steps,
    what to do, and behind "Why" what would disprove it and code that runs as it stands. "Show" selects the layer and
    goes back to the step from which it was so. What was checked and is fine is told too, and what was not checked.
    At a step of the past the findings are those of then. Below, a lane for each family of rules says how it was over
    the steps, and sliders hold what was seen against other thresholds: all is judged anew at once.

    Args:
        source: A `Trainer`, a `LiveCallback`, a `NetworkView` or another panel; a model at rest, which nobody looks at
            so, has none: see `nv.check`.
        data: Samples for a plain model; not needed here.
        height: Not used: a card is as high as its text.
        linked: Whether step, selection and sample are those of all that shows this source, or its own.

    Example:
        >>> nv.FindingsPanel(trainer)
    """

    _is_of_model = False
    title_key = "findingsPanel"
    meaning_key = "findingsMeaning"

    def table(self) -> Any:
        """A row for each finding: rule, severity, place, steps, value, threshold, cause, and whether it is over."""
        import pandas as pd

        with self._up_to_date():
            return pd.DataFrame(self._found.table())

    def _build(self) -> list[Any]:
        self._found = Findings()
        self._problem = ""
        self._kept: TrialResult | None = None
        self._cards = [
            FindingCard(
                weakly(self._show), weakly(self._try), TrialRow(weakly(self._ask, CancelTrial()), weakly(self._keep))
            )
            for _ in range(MOST_CARDS)
        ]
        self._rest = ipywidgets.HTML()
        self._list = ipywidgets.VBox([card.box for card in self._cards])
        self._lanes = ipywidgets.HTML()
        self._sliders = ThresholdSliders(
            {rule.name: rule.thresholds for rule in all_rules()}, weakly(self._set_threshold)
        )
        return [self._list, self._rest, self._lanes, self._sliders.box]

    def _draw(self, snapshot: Snapshot | None) -> None:
        assert self.source is not None
        run, told = self.source.run, self.source.status.findings
        if self.gaze.step is not None and run.found is not None and snapshot is not None:
            told = run.found.at(snapshot.step)
        self._found = found = told if isinstance(told, Findings) else Findings(tuple(told))
        chains, trial = _chains(found), self.source.status.trial
        trains = "trains" in self.source.capabilities and self.gaze.step is None
        is_trying = trial is not None and trial.result is None
        for place, card in enumerate(self._cards):
            chain = chains[place] if place < len(chains) else ()
            card.show(chain, trains and not is_trying and bool(chain) and advice_to_try(chain[0]) is not None)
            shown = self._trial_of(chain[0]) if chain else None
            card.trial.show(shown, shown is not None and shown.result is not None and shown.result is self._kept)
        more = [f"<li>{text(chain[0].title)}</li>" for chain in chains[MOST_CARDS:]]
        rest = f"<details><summary>{say('moreFindings', count=len(more))}</summary><ul>{''.join(more)}</ul></details>"
        value = (rest if more else "") + self._checked()
        if self._rest.value != value:
            self._rest.value = value
        self._draw_lanes(snapshot)
        thresholds = getattr(self.source, "thresholds", None)
        if isinstance(thresholds, Mapping) and run.found is not None:
            self._sliders.show(dict(thresholds), [one.rule for one in found])
        else:
            self._sliders.hide()
        self._say(self._subtitle(), text(self._problem), self._in_words(), snapshot)

    def _draw_lanes(self, snapshot: Snapshot | None) -> None:
        assert self.source is not None
        found, last = self.source.run.found, self.source.status.moment.step
        lanes = {} if found is None else found.lanes()
        at = last if snapshot is None or self.gaze.step is None else snapshot.step
        value = lanes_html(lanes, last, at, (self._moment(0), self._moment(last)))
        if self._lanes.value != value:
            self._lanes.value = value

    def _set_threshold(self, name: str, value: float | None) -> None:
        """Ask for another threshold; `None` for the rule's own."""
        self._ask(SetThreshold(name, default_thresholds()[name] if value is None else value))

    def _subtitle(self) -> str:
        found = self._found
        if not found.all and not found.fine and not found.not_checked:
            return say("nobodyLooked")
        faults, warnings = (sum(not one.because_of for one in some) for some in (found.faults, found.warnings))
        if not faults and not warnings:
            return say("nothingWrong")
        parts = [say("faultCount", count=faults)] * bool(faults) + [say("warningCount", count=warnings)] * bool(
            warnings
        )
        return " · ".join(parts)

    def _checked(self) -> str:
        found = self._found
        count = say("ruleCount", count=len(found.fine))
        fine = f"✓ {text(say('checkedFine', rows=f'{found.rows:,}', list=count))}"
        names = "".join(f"<li>{text(rule_name(rule))}</li>" for rule in found.fine)
        line = f'<details><summary class="nnvis-good">{fine}</summary><ul>{names}</ul></details>' if names else ""
        reasons = "".join(
            f"<li>{text(rule_name(rule))}: {text(reason_text(why))}</li>" for rule, why in found.not_checked.items()
        )
        missing = say("notCheckedCount", count=len(found.not_checked))
        return line + (f"<details><summary>{missing}</summary><ul>{reasons}</ul></details>" if reasons else "")

    def _in_words(self) -> str:
        said = [say("panelSays", panel=self.title, text=self._subtitle())]
        for chain in _chains(self._found):
            cause = chain[0]
            over = f" ({say('lastSeen', step=f'{cause.last_step:,}')})" if cause.is_over else ""
            follows = f" → {' → '.join(one.title for one in chain[1:])}" if len(chain) > 1 else ""
            said.append(say("sentence", text=f"{cause.title}{over}{follows}"))
            trial = self._trial_of(cause)
            if trial is not None and trial.result is not None:
                said.append(say("sentence", text=f"{trial.result.what_text} {trial.result.verdict}".strip()))
        if self._found.fine:
            names = say("comma").join(map(rule_name, self._found.fine))
            fine = say("checkedNot", rows=f"{self._found.rows:,}", list=names)
            said.append(say("sentence", text=fine))
        return say("gap").join(said)

    def _show(self, finding: Finding) -> None:
        place = finding.place
        if place.layer:
            unit = {"unit": place.units[0]} if place.units else {}
            self.gaze.selection = {"layer": place.layer, **unit}
        if finding.since_step:
            self.gaze.step = finding.since_step

    def _trial_of(self, finding: Finding) -> Trial | None:
        trial = None if self.source is None else self.source.status.trial
        return trial if trial is not None and trial.is_of(finding) else None

    def _try(self, finding: Finding) -> None:
        self._ask(TryChange(finding))

    def _keep(self, name: str, value: float) -> None:
        trial = None if self.source is None else self.source.status.trial
        if self._ask(SetHyperparameter(name, value)) and trial is not None:
            self._kept = trial.result
            self._redraw_soon()

    def _ask(self, command: Command) -> bool:
        """Ask the training for something; what it refuses is told below the cards."""
        try:
            if self.source is not None:
                self.source.post(command)
        except NnvisError as error:
            self._problem = str(error)
            self._redraw_soon()
            return False
        self._problem = ""
        return True


def _chains(found: Sequence[Finding]) -> list[tuple[Finding, ...]]:
    """Each cause with its consequences, in their order."""
    chains: list[tuple[Finding, ...]] = []
    for one in found:
        if one.because_of and chains:
            chains[-1] = (*chains[-1], one)
        else:
            chains.append((one,))
    return chains
