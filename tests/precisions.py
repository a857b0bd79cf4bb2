"""The number types that a network may have here."""

from __future__ import annotations

import os
from typing import Any

import pytest

_ISA = os.environ.get("ONEDNN_MAX_CPU_ISA", "ALL").upper()
MULTIPLIES_BFLOAT16 = any(word in _ISA for word in ("ALL", "DEFAULT", "BF16", "AMX"))
"""TensorFlow 2.21 asks the processor, not oneDNN, what that may use: forbidden it, `tf.matmul` is a segfault."""


def precisions(*names: str) -> list[Any]:
    """Policies to try, without those whose matrices cannot be multiplied."""
    reason = f"with ONEDNN_MAX_CPU_ISA={_ISA} a product of bfloat16 ends the process"
    no = pytest.mark.skipif(not MULTIPLIES_BFLOAT16, reason=reason)
    return [pytest.param(name, marks=no) if "bfloat16" in name else name for name in names]
