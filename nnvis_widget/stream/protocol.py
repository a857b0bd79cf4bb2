"""Messages between kernel and browser. Their twin is js/src/stream/protocol.ts.

Kernel to browser (`frame` carries one buffer, see `frame.py`):

    {v, kind: "frame", seq}
    {v, kind: "answer", id, ok, reason}
    {v, kind: "heartbeat", seq, state, step}
    {v, kind: "export", id, format: "png" | "svg", theme: "light" | "dark" | null, scale}

`export` asks for a picture of the frame in its one buffer; without a buffer, of what the page shows.

Browser to kernel, each answered (`exported` carries one buffer, the bytes of the file):

    {v, id, op, args}

`OPERATIONS` are what a page says of itself, and the commands of `core.command`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nnvis_widget.core.argument import Argument, Flag, OneOf, Text, Texts, Whole, refusal, shown
from nnvis_widget.core.command import BY_NAME, MAX_COUNT
from nnvis_widget.core.limits import MOST_LAYERS
from nnvis_widget.core.what_if import MOST_CHANGES
from nnvis_widget.core.words.catalogue import LANGUAGES
from nnvis_widget.errors import CommandError

PROTOCOL_VERSION = 1
MAX_REASON = 500
MOST_OF_A_CHANGE = 1_000


INDEX = Whole(0, MAX_COUNT)


@dataclass(frozen=True)
class Request:
    """A checked message from the browser."""

    id: int
    op: str
    args: Mapping[str, Any]


OPERATIONS: Mapping[str, Mapping[str, Argument]] = {
    "hello": {},
    "drawn": {"seq": INDEX},
    "set_visible": {"is_visible": Flag()},
    "watch": {"layers": Texts(MOST_LAYERS, 32)},
    "seek": {"step": INDEX},
    "seek_by": {"count": Whole(-MAX_COUNT, MAX_COUNT)},
    "go_live": {},
    "attached": {},
    "exported": {"export": INDEX},
    "export_failed": {"export": INDEX, "reason": Text(MAX_REASON)},
    "speak": {"language": OneOf(LANGUAGES)},
    "open_what_if": {},
    "suppose": {"changes": Texts(MOST_CHANGES, MOST_OF_A_CHANGE)},
    **{name: kind.arguments for name, kind in BY_NAME.items()},
}


def read_request(content: object) -> Request:
    """Check a message from the browser against the schema.

    Raises:
        CommandError: If it is of any other shape.
    """
    if not isinstance(content, Mapping) or content.get("v") != PROTOCOL_VERSION:
        raise CommandError(f"Expected a message of protocol version {PROTOCOL_VERSION}. Reload the page.")
    request_id, op, args = content.get("id"), content.get("op"), content.get("args")
    if not INDEX.accepts(request_id) or not isinstance(op, str) or not isinstance(args, Mapping):
        raise CommandError("Expected the fields id, op and args.")
    schema = OPERATIONS.get(op)
    if schema is None:
        raise CommandError(f"Expected one of {', '.join(OPERATIONS)}, got op={shown(op)}.")
    if set(args) != set(schema):
        raise CommandError(f"Expected {op} with {sorted(schema)}, got {sorted(map(str, args))[:8]}.")
    for name, argument in schema.items():
        if not argument.accepts(args[name]):
            raise CommandError(refusal(op, name, argument, args[name]))
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
