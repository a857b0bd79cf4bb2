"""Which sample a panel shows, and what it is called."""

from __future__ import annotations

from nnvis_widget.core.drawings import is_drawn
from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.core.words.say import say
from nnvis_widget.sources.source import Source


def sample_index(source: Source, sample: int) -> int:
    """The sample that an index is of: beyond the data they begin again; a drawing is itself."""
    count = source.scenery.sample_count
    return sample % count if count and not is_drawn(sample) else sample


def sample_name(source: Source, sample: int) -> str:
    """`sample 3`, or that it is a drawing."""
    index = sample_index(source, sample)
    return say("yourDrawing") if is_drawn(index) else say("sampleName", sample=index)


def why_unmeasured(source: Source, snapshot: Snapshot | None, sample: int, moment: str) -> str:
    """Why a snapshot has nothing of a sample that was to be measured."""
    if not source.scenery.sample_count:
        return say("noSampleToLook")
    if snapshot is None:
        return say("nothingRecorded")
    return say("sampleNotMeasured", sample=sample_name(source, sample), moment=moment)
