"""The front end that a release holds, as text."""

from __future__ import annotations

from importlib.resources import files


def built(name: str) -> str:
    """A file of the built front end.

    Raises:
        ImportError: If it has not been built, in a checkout.
    """
    path = files("nnvis_widget.widgets") / "static" / name
    if not path.is_file():
        raise ImportError(f"Expected the built front end {name}, found none. In a checkout run: make build")
    return path.read_text(encoding="utf-8")
