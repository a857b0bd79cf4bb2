"""The call that makes a view anew, as text."""

from __future__ import annotations

import ast
from typing import Any

from nnvis_widget.core.drawings import is_drawn
from nnvis_widget.core.openings import opened_at_first
from nnvis_widget.errors import ModelError

KEPT = (
    *("selection", "step", "sample", "edges", "units", "detail", "top_k", "bookmarks"),
    *("validation_points", "discrete", "layer_color", "size", "height"),
)


def as_python(view: Any, source: str | None, is_linked: bool) -> str:
    """What of a view is not as it begins, as arguments of `nv.NetworkView`.

    Raises:
        ModelError: If `source` is no expression.
    """
    shown = view.source
    usual = "None" if shown is None else "trainer" if "trains" in shown.capabilities else "model"
    named = usual if source is None else source
    try:
        ast.parse(named, mode="eval")
    except (SyntaxError, TypeError, ValueError):
        raise ModelError(
            f"Expected the name of what the view is made from, got source={source!r}. Choose one such as 'trainer'."
        ) from None
    changed = {name: getattr(view, name) for name in KEPT if getattr(view, name) != view.traits()[name].default()}
    if shown is not None and view.opened != opened_at_first(shown.structure):
        changed["opened"] = view.opened
    if is_drawn(changed.get("sample", 0)):  # whoever runs the line has not drawn it
        del changed["sample"]
    changed |= {} if is_linked else {"linked": False}
    return f"nv.NetworkView({', '.join([named, *(f'{name}={value!r}' for name, value in changed.items())])})"
