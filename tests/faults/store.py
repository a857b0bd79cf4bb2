"""Facts and looks of a training as small data, and back."""

from __future__ import annotations

import json
import lzma
from dataclasses import asdict, dataclass, fields
from math import inf, isfinite, nan
from pathlib import Path
from typing import Any

from nnvis_widget.core.look import KernelLook, LayerLook, Look
from nnvis_widget.diagnosis.facts import Facts, InputFacts, LayerFacts, TargetFacts, ValidationFacts

BANK = Path(__file__).parent / "bank.json.xz"
_ODD = {"nan": nan, "inf": inf, "-inf": -inf}
_KERNEL, _LAYER = ([one.name for one in fields(kind)] for kind in (KernelLook, LayerLook))


@dataclass(frozen=True)
class Record:
    """What is kept of a training.

    Attributes:
        facts: As they were read.
        looks: As they were taken.
        metrics: How good it was on the validation rows, of three seeds.
    """

    facts: Facts
    looks: tuple[Look, ...]
    metrics: tuple[float, ...]


def write(records: dict[str, Record]) -> None:
    """Keep all records, in the order of their names: the same numbers make the same file."""
    plain = {name: _packed(one) for name, one in sorted(records.items())}
    text = json.dumps(plain, separators=(",", ":"), allow_nan=False)
    BANK.write_bytes(lzma.compress(text.encode(), preset=9))


def read() -> dict[str, Record]:
    """All records by name."""
    if not BANK.exists():
        return {}
    plain = json.loads(lzma.decompress(BANK.read_bytes()))
    return {name: _unpacked(one) for name, one in plain.items()}


def _packed(record: Record) -> dict[str, Any]:
    looks = []
    for look in record.looks:
        one = asdict(look)
        one["kernels"] = [[*kernel.values()][3:] for kernel in one["kernels"]]
        one["layers"] = [[layer["dead_count"], layer["saturated_count"]] for layer in one["layers"]]
        looks.append([*one.values()])
    heads = [[kernel.layer, kernel.name, kernel.fan_in] for kernel in record.looks[0].kernels]
    seen = [[layer.layer, layer.units] for layer in record.looks[0].layers]
    facts = asdict(record.facts)
    return _rounded({"facts": facts, "kernels": heads, "layers": seen, "looks": looks, "metrics": record.metrics})


def _unpacked(plain: dict[str, Any]) -> Record:
    plain = _restored(plain)
    looks = []
    for row in plain["looks"]:
        one = dict(zip([each.name for each in fields(Look)], row, strict=True))
        one["kernels"] = tuple(
            KernelLook(*head, *rest) for head, rest in zip(plain["kernels"], one["kernels"], strict=True)
        )
        one["layers"] = tuple(
            LayerLook(layer, units, tuple(range(min(dead, 64))), dead, tuple(range(min(ends, 64))), ends)
            for (layer, units), (dead, ends) in zip(plain["layers"], one["layers"], strict=True)
        )
        one["recall"] = tuple(one["recall"])
        looks.append(Look(**one))
    facts = dict(plain["facts"])
    facts["layers"] = tuple(LayerFacts(**one | {"sources": tuple(one["sources"])}) for one in facts["layers"])
    facts["inputs"] = tuple(_tupled(InputFacts, one) for one in facts["inputs"])
    facts["targets"] = facts["targets"] and _tupled(TargetFacts, facts["targets"])
    facts["validation"] = facts["validation"] and ValidationFacts(**facts["validation"])
    facts["unknown"] = tuple(map(tuple, facts["unknown"]))
    facts["outputs"] = tuple(facts["outputs"])
    return Record(Facts(**facts), tuple(looks), tuple(plain["metrics"]))


def _tupled(kind: type, one: dict[str, Any]) -> Any:
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in one.items()})


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    if isinstance(value, float):
        return float(f"{value:.3g}") if isfinite(value) else str(value)
    return value


def _restored(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _restored(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_restored(one) for one in value]
    return _ODD.get(value, value) if isinstance(value, str) else value
