"""What a training had come to, kept in a small file: a scene of it looks the same on every processor.

`python -m tests.browser.sample_views` trains anew and writes the files; look at the scenes then, and write their
goldens.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import nnvis_widget as nv
from nnvis_widget.core.snapshot import Moment, Snapshot
from nnvis_widget.stream.frame import decode_frame, encode_frame

FOLDER = Path(__file__).parent / "recordings"
TOLD = ("state", "latest_step", "epochs", "kept_count", "seen_count", "commands", "first_bad")

State = dict[str, Any]


def with_header(opened: State, **changes: Any) -> State:
    """The state with other fields in the header of its frame."""
    frame = decode_frame(opened["frame"])
    return opened | {"frame": encode_frame(dict(frame.header) | changes, frame.sections)}


@dataclass(frozen=True)
class Recording:
    """The weights of a network at one step of its training, and what the training had told by then.

    Attributes:
        weights: As `model.get_weights()` gives them.
        curves: By metric `(2, n)`: steps and values.
        facts: `moment`, `scalars` and `hyperparameters` of the step; whether it is the newest (`is_following`); all
            kept `steps`; `changes` of hyperparameters; `header`: fields that only a training knows.
    """

    weights: tuple[np.ndarray, ...]
    curves: dict[str, np.ndarray]
    facts: dict[str, Any]

    @classmethod
    def of(cls, view: nv.NetworkView) -> Recording:
        """What a view of a trainer shows."""
        run, header = view.source.run, decode_frame(view.get_state()["frame"]).header
        shown = run.at(header["step"])
        facts = {
            "moment": [shown.moment.step, shown.moment.epoch, shown.moment.batch],
            "scalars": dict(shown.scalars),
            "hyperparameters": dict(shown.hyperparameters),
            "is_following": header["is_following"],
            "steps": run.steps.tolist(),
            "changes": {name: rows.tolist() for name, rows in run.hyperparameter_changes.items()},
            "header": {name: header[name] for name in TOLD},
        }
        weights = [tensor for key, tensor in shown.tensors.items() if key.quantity == "weight"]
        return cls(tuple(weights), {name: np.stack(run.scalars(name)) for name in run.scalar_names}, facts)

    def save(self, name: str) -> None:
        FOLDER.mkdir(exist_ok=True)
        arrays = {f"weight {index}": values for index, values in enumerate(self.weights)}
        arrays |= {f"curve {metric}": values for metric, values in self.curves.items()}
        np.savez_compressed(FOLDER / f"{name}.npz", facts=np.array(json.dumps(self.facts)), **arrays)

    @classmethod
    def load(cls, name: str) -> Recording:
        with np.load(FOLDER / f"{name}.npz", allow_pickle=False) as file:
            weights = tuple(file[key] for key in file.files if key.startswith("weight "))
            curves = {key.removeprefix("curve "): file[key] for key in file.files if key.startswith("curve ")}
            return cls(weights, curves, json.loads(str(file["facts"])))

    def retold(self, trainer: nv.Trainer, **traits: Any) -> State:
        """The state of a view of this training, measured now with the recorded weights.

        Args:
            trainer: One that has not begun, of a model with these weights.
            traits: Of the view.
        """
        view = nv.NetworkView(trainer, **traits)
        trainer.pause()  # until now what the view shows may not have been measured
        measured = trainer.run.latest
        assert measured is not None
        self._tell(trainer.run, measured)
        if not self.facts["is_following"]:
            view.step = self.facts["moment"][0]
        return with_header(view.get_state(), **{name: self.facts["header"][name] for name in TOLD})

    def _tell(self, run: nv.Run, measured: Snapshot) -> None:
        for name, (steps, values) in self.curves.items():
            run.record_scalars(steps.astype(int), (name,), values[:, None])
        for epoch, step in enumerate(self.curves["val_loss"][0].astype(int).tolist(), 1):
            known = {name: values[steps == step] for name, (steps, values) in self.curves.items()}
            run.end_epoch(step, epoch, {name: float(one[0]) for name, one in known.items()}, None)
        for name, changes in self.facts["changes"].items():
            for step, _, since in changes:
                run.record_hyperparameters(int(step), {name: since})
        moment = Moment(*self.facts["moment"])
        for step in self.facts["steps"]:
            run.append(
                replace(
                    measured,
                    moment=moment if step == moment.step else Moment(step),
                    scalars=self.facts["scalars"],
                    hyperparameters=self.facts["hyperparameters"],
                    revision=measured.revision + 1,
                )
            )
