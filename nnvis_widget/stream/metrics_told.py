"""The metrics of a frame, in words; twin of js/src/ui/words/metrics.ts."""

from __future__ import annotations

from math import isnan, nan

from nnvis_widget.core.number_text import format_count, format_number, format_percent, format_signed, safe_text
from nnvis_widget.core.words.say import say
from nnvis_widget.stream.frame import Frame


def metrics_text(frame: Frame) -> str:
    """`Metrics of epoch 12: train loss 0.123 (−0.041 in 10 epochs), val loss 0.130`"""
    told, section = named(frame, "scalars"), frame.find("headline")
    rows = [] if section is None else section.values.tolist()
    epochs = [epoch for epoch, _, _ in rows]
    newest = max((epoch for epoch in epochs if not isnan(epoch)), default=None)
    if newest == 0:
        probe = told.get("loss", nan)
        return say("noEpochYet") if isnan(probe) else say("probeLossOnly", loss=format_number(probe, 3))
    said = []
    for (name, value), (epoch, before, _) in zip(told.items(), rows, strict=True):
        notes = [say("epoch", epoch=format_count(epoch))] if newest is not None and epoch != newest else []
        if not isnan(value - before):
            notes.append(say("inTenEpochs", change=_change(name, value - before)))
        text = f"{metric_name(name, newest is not None)} {_metric(name, value)}"
        said.append(say("noted", text=text, note=say("comma").join(notes)) if notes else text)
    listed = say("comma").join(said)
    if newest is None:
        return say("metricsAtStep", list=listed)
    return say("metricsOfEpoch", epoch=format_count(newest), list=listed)


def metric_name(name: str, has_epochs: bool) -> str:
    """What a metric is called; without epochs it is of a step, not of the training."""
    is_val = name.startswith("val_")
    metric = name.removeprefix("val_").replace("_", " ")
    if metric in ("loss", "accuracy"):
        return say(f"{'val' if is_val else 'train'}{metric.title()}" if is_val or has_epochs else metric)
    if is_val or has_epochs:
        metric = say("valMetric" if is_val else "trainMetric", metric=metric)
    return safe_text(metric)


def _metric(name: str, value: float) -> str:
    return format_percent(value) if "accuracy" in name else format_number(value, 3)


def _change(name: str, value: float) -> str:
    return say("points", change=format_signed(100 * value, 1)) if "accuracy" in name else format_signed(value, 3)


def named(frame: Frame, quantity: str) -> dict[str, float]:
    """Values by name: of `scalars`, or `hyperparameters`."""
    section = frame.find(quantity)
    names = frame.header["scalar_names" if quantity == "scalars" else "hyperparameter_names"]
    return {} if section is None else dict(zip(names, section.values.tolist(), strict=True))
