"""What is to be read of layers of a person's own, and how that is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

from nnvis_widget.core.face import FACES, FaceKind
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.read.registry import Registry, check_layer_class

MOST_CHARACTERS = 64

Read = Callable[..., Any]


@dataclass(frozen=True)
class View:
    """How layers of a class are drawn.

    Attributes:
        face: As what.
        read: What is drawn; `None` for what the layer puts out.
        names: What its units, pictures or rows are called; of a text, what each number of a token is.
        title: What it shows.
    """

    face: FaceKind
    read: Read | None = None
    names: Sequence[str] = ()
    title: str = ""


_views: Registry[View] = Registry("view")
_probes: Registry[dict[str, Read]] = Registry("probe")


def register_view(
    layer_class: type, read: Read | None = None, face: FaceKind = "units", names: Sequence[str] = (), title: str = ""
) -> None:
    """Tell what is drawn of a layer class of your own, and as what. Views that exist keep what they have read.

    What `read` gives is proven on one sample when a model is read, and measured in passes of its own: where it raises,
    gives another shape than its face has, or takes more than half a second, it is left out with one warning, the layer
    is a card as before, and a training goes on as it would.

    Args:
        layer_class: A subclass of `keras.layers.Layer`; its subclasses that leave `call` alone are drawn so too.
        read: Takes the layer and what its `call` takes, such as `lambda layer, x: layer.router(x)`, and gives a tensor,
            samples first, made with `keras.ops` or layers: it becomes part of a compiled pass in inference mode. `None`
            reads what the layer puts out.
        face: `units` (samples, units), `strip` (samples, steps, units), `maps` (samples, rows, columns, maps), `matrix`
            (samples, rows, columns) or (samples, rows, columns, matrices), `text` (samples, places), numbers of tokens,
            or `card` (samples, numbers), a row each. At most 4,096 units, 65,536 numbers in pictures, 12 rows.
        names: A text for each unit, map, matrix or row; of a `text` one for each number of a token.
        title: What it shows, in a word or two, such as `"share of each expert"`.

    Raises:
        ModelError: If it is no class of a layer, `face` is none of these, or `read` cannot be called.

    Example:
        >>> nv.register_view(Mixture, read=lambda layer, x: layer.router(x), face="units", title="share of each expert")
    """
    check_layer_class(layer_class)
    if face not in FACES:
        near = get_close_matches(str(face), FACES, n=1)
        said = f"Did you mean {near[0]!r}? " if near else ""
        raise ModelError(f"Expected a face, got {face!r}. {said}The faces are: {', '.join(FACES)}.")
    _check_read(read, is_needed=False)
    words = names.tolist() if isinstance(names, np.ndarray) else names
    if isinstance(words, str) or not all(isinstance(one, str) for one in words):
        raise ModelError(f"Expected names as a list of texts, got {type(names).__name__}.")
    _views.put(layer_class, View(face, read, words, str(title)[:MOST_CHARACTERS]))


def register_probe(layer_class: type, name: str, read: Read) -> None:
    """Tell a number of a layer class of your own that is measured over the probe batch: the first 256 samples.

    It stands with the layer's facts, in `describe()` and its table, and is recorded with each snapshot in which the
    layer is seen. What goes wrong in `read` is met as by `register_view`.

    Args:
        layer_class: A subclass of `keras.layers.Layer`, as for `register_view`.
        name: What it is, such as `"balance"`; registering a name again replaces what was.
        read: Takes the layer and what its `call` takes; gives a number for each sample, of which the mean is told, or
            one number for all.

    Raises:
        ModelError: If it is no class of a layer, `name` is no text, or `read` cannot be called.

    Example:
        >>> nv.register_probe(Mixture, "largest share", lambda layer, x: keras.ops.max(layer.router(x), axis=-1))
    """
    check_layer_class(layer_class)
    if not isinstance(name, str) or not name:
        raise ModelError(f"Expected the name of a number as a text, got {name!r}.")
    _check_read(read, is_needed=True)
    _probes.put(layer_class, {**(_probes.get(layer_class) or {}), name[:MOST_CHARACTERS]: read})


def view_of(layer: Any) -> View | None:
    """How a layer is drawn; `None` where nobody has told."""
    return _views.of(layer)


def probes_of(layer: Any) -> dict[str, Read]:
    """What is measured of a layer over the probe batch, by name."""
    return _probes.of(layer) or {}


def _check_read(read: Any, is_needed: bool) -> None:
    if not callable(read) and (is_needed or read is not None):
        raise ModelError(f"Expected read as a function of the layer and what goes into it, got {type(read).__name__}.")
