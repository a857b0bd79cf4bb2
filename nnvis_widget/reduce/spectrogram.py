"""The spectrogram of a sound at the size that it is drawn."""

from __future__ import annotations

import numpy as np

from nnvis_widget.reduce.quantize import Quantized, quantize

MOST_COLUMNS, MOST_ROWS = 160, 64
MOST_WINDOW = 1_024
RANGE_DB = 60.0
"""What is so far below the loudest place is drawn as silent."""


def spectrogram(sound: np.ndarray) -> Quantized | None:
    """Power by time and frequency in decibels below the loudest place, the highest frequency in the first row.

    The short-time Fourier transform with a Hann window of a power of two of steps, some four columns long; a column
    stands at its middle, so that the picture lies under the line of the sound. Several channels: their mean power.

    Args:
        sound: `(steps, channels)`, real.

    Returns:
        Codes of at most 64 rows, frequencies from half the sample rate down to 0, and 160 columns; 0 is what is not
        known, for a step in its window is not finite. `None` of fewer than 32 steps. Cost: 1 ms for 16,000 steps.
    """
    steps = len(sound)
    if steps < 32:
        return None
    columns = min(MOST_COLUMNS, steps // 4)
    window = min(MOST_WINDOW, 1 << int(np.log2(max(16, 4 * steps / columns))))
    padded = np.pad(np.asarray(sound, np.float64), ((window, window), (0, 0)))
    starts = window + ((np.arange(columns) + 0.5) * steps / columns).astype(int) - window // 2
    pieces = padded[starts[:, np.newaxis] + np.arange(window)]
    with np.errstate(invalid="ignore", over="ignore"):
        power = np.square(np.abs(np.fft.rfft(pieces * np.hanning(window)[:, np.newaxis], axis=1))).mean(axis=2).T[::-1]
        rows = min(MOST_ROWS, len(power))
        power = np.stack([part.mean(axis=0) for part in np.array_split(power, rows)])
        loudest = power[np.isfinite(power)].max(initial=0.0)
        decibels = 10 * np.log10(np.maximum(power / loudest, 10 ** (-RANGE_DB / 10))) if loudest else power - RANGE_DB
    return quantize(np.where(np.isfinite(power), decibels, np.nan), -RANGE_DB, 0.0)
