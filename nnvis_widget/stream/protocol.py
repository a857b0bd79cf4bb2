"""Messages between kernel and browser. Their twin is js/src/stream/protocol.ts.

Kernel to browser (`frame` carries one buffer, see `frame.py`):

    {v, kind: "frame", seq}
    {v, kind: "answer", id, ok, reason}
    {v, kind: "heartbeat", seq, state, step}
    {v, kind: "export", id, format: "png" | "svg", theme: "light" | "dark" | null, scale}

`export` asks for a picture of the frame in its one buffer; without a buffer, of what the page shows.

Browser to kernel, each answered (`exported` carries one buffer, the bytes of the file):

    {v, id, op, args}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nnvis_widget.errors import CommandError

PROTOCOL_VERSION = 1
MAX_COUNT = 1_000_000_000
MAX_VALUE = 1e300
MAX_NAME = 256
MAX_REASON = 500
HYPERPARAMETERS = ("learning_rate", "batch_size")


@dataclass(frozen=True)
class Request:
    """A checked message from the browser."""

    id: int
    op: str
    args: Mapping[str, Any]


def _count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_COUNT


def _index(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_COUNT


def _offset(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_COUNT


def _flag(value: object) -> bool:
    return isinstance(value, bool)


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < MAX_VALUE


def _hyperparameter(value: object) -> bool:
    return value in HYPERPARAMETERS if isinstance(value, str) else False


def _reason(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_REASON


OPERATIONS: Mapping[str, Mapping[str, Callable[[object], bool]]] = {
    "hello": {},
    "drawn": {"seq": _index},
    "set_visible": {"is_visible": _flag},
    "start": {},
    "pause": {},
    "stop": {},
    "reset": {},
    "run_steps": {"count": _count},
    "run_epochs": {"count": _count},
    "set_hyperparameter": {"name": _hyperparameter, "value": _positive},
    "seek": {"step": _index},
    "seek_by": {"count": _offset},
    "go_live": {},
    "attached": {},
    "exported": {"export": _index},
    "export_failed": {"export": _index, "reason": _reason},
}


def read_request(content: object) -> Request:
    """Check a message from the browser against the schema.

    Raises:
        CommandError: If it is of any other shape.
    """
    if not isinstance(content, Mapping) or content.get("v") != PROTOCOL_VERSION:
        raise CommandError(f"Expected a message of protocol version {PROTOCOL_VERSION}. Reload the page.")
    request_id, op, args = content.get("id"), content.get("op"), content.get("args")
    if not _index(request_id) or not isinstance(op, str) or not isinstance(args, Mapping):
        raise CommandError("Expected the fields id, op and args.")
    schema = OPERATIONS.get(op)
    if schema is None:
        raise CommandError(f"Expected one of {', '.join(OPERATIONS)}, got op={op[:MAX_NAME]!r}.")
    if set(args) != set(schema):
        raise CommandError(f"Expected {op} with {sorted(schema)}, got {sorted(map(str, args))[:8]}.")
    for name, is_valid in schema.items():
        if not is_valid(args[name]):
            raise CommandError(f"Expected {op} with a {name} in range, got {name}={repr(args[name])[:MAX_NAME]}.")
    return Request(request_id, op, dict(args))  # type: ignore[arg-type]


def frame_message(seq: int) -> dict[str, Any]:
    """The content that goes with a frame's buffer."""
    return {"v": PROTOCOL_VERSION, "kind": "frame", "seq": seq}


def export_message(order: int, picture_format: str, theme: str | None, scale: float) -> dict[str, Any]:
    """Asks the page for a picture; `scale` is in pixels per px."""
    return {
        "v": PROTOCOL_VERSION,
        "kind": "export",
        "id": order,
        "format": picture_format,
        "theme": theme,
        "scale": scale,
    }


def answer_message(request_id: int, reason: str | None = None) -> dict[str, Any]:
    """Done, or refused with a reason."""
    return {"v": PROTOCOL_VERSION, "kind": "answer", "id": request_id, "ok": reason is None, "reason": reason or ""}


def heartbeat_message(seq: int, state: str, step: int) -> dict[str, Any]:
    """A sign of life without pixels; `seq` is the last frame sent."""
    return {"v": PROTOCOL_VERSION, "kind": "heartbeat", "seq": seq, "state": state, "step": step}
