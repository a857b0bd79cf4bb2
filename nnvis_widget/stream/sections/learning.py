"""What the chosen unit learns of the shown sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want
from nnvis_widget.core.words.catalogue import ENGLISH, LANGUAGES
from nnvis_widget.core.words.language import LANGUAGE
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.shown import Shown

OTHERS = tuple("" if language == ENGLISH else language for language in LANGUAGES)


def learning_sections(shown: Shown) -> Iterator[Section]:
    """As it was measured, where the snapshot has it; see `stream/learning_message.py`.

    In another language than that of now where it was never told in this one.
    """
    if shown.wish.selection is None:
        return
    layer, unit = shown.wish.selection
    for quantity in shown.wish.learnt:
        plain = Want(quantity, layer, unit, place=shown.wish.place)
        for language in (LANGUAGE.of_words, *OTHERS):
            name = replace(plain, language=language).name
            told = shown.snapshot.tensors.get(TensorKey(quantity, layer, name, shown.sample))
            if told is not None:
                yield Section(quantity, told, layer, plain.name)
                break
