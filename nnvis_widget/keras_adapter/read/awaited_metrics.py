"""Which metrics a training will report, before it has reported any."""

from __future__ import annotations

from typing import Any


def awaited_metrics(model: Any, has_validation: bool) -> tuple[str, ...]:
    """As Keras will name them, as far as the model tells: the loss always, metrics where they are a plain list.

    Args:
        model: A compiled model.
        has_validation: Whether each is measured on validation data too.
    """
    try:
        asked = model.get_compile_config()["metrics"]
    except Exception:  # a loss, metric or optimiser of a person's own need not tell its config
        asked = None
    names = ["loss", *filter(None, map(_name, asked if isinstance(asked, list) else []))]
    return (*names, *(f"val_{name}" for name in names if has_validation))


def _name(metric: Any) -> str | None:
    if isinstance(metric, str):
        return metric
    config = metric.get("config") if isinstance(metric, dict) else None
    name = config.get("name") if isinstance(config, dict) else config
    return name.rpartition(">")[2] if isinstance(name, str) else None  # package>name, of a registered function
