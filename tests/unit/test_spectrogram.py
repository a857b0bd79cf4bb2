"""A tone stands in the row of its frequency and in the columns of its time; what is not known is no number."""

import numpy as np
import pytest

from nnvis_widget.core.dataset import Dataset
from nnvis_widget.errors import DataError
from nnvis_widget.reduce.spectrogram import RANGE_DB, spectrogram

RATE = 8_000
TIME = np.arange(RATE) / RATE


def tone(frequency):
    return np.sin(2 * np.pi * frequency * TIME)[:, np.newaxis]


def frequency_of(codes, column):
    """Of the loudest row, in Hz: rows are as high as each other, the last one begins at 0."""
    rows = len(codes)
    return (rows - 0.5 - codes[:, column].argmax()) / rows * RATE / 2


def test_a_tone_is_in_the_row_of_its_frequency_while_it_sounds():
    sound = np.where(TIME[:, np.newaxis] < 0.5, tone(500), tone(3_000))
    codes = spectrogram(sound).codes
    height = RATE / 2 / len(codes)
    assert frequency_of(codes, codes.shape[1] // 4) == pytest.approx(500, abs=height)
    assert frequency_of(codes, 3 * codes.shape[1] // 4) == pytest.approx(3_000, abs=height)


def test_decibels_are_of_the_power_and_told_from_the_loudest_place():
    found = spectrogram(np.where(TIME[:, np.newaxis] < 0.5, tone(1_000), 0.1 * tone(1_000)))
    decibels = found.low + (found.codes - 1.0) / 254 * (found.high - found.low)
    columns = decibels.max(axis=0)
    assert (found.low, found.high) == (-RANGE_DB, 0)
    assert columns[20] == pytest.approx(0, abs=0.5)
    assert columns[-20] == pytest.approx(-20, abs=0.5)


def test_silence_is_silent_and_what_is_not_known_is_no_number():
    assert (spectrogram(np.zeros((500, 1))).codes == 1).all()
    sound = tone(1_000)
    sound[RATE // 2] = np.nan
    unknown = (spectrogram(sound).codes == 0).all(axis=0)
    assert unknown[len(unknown) // 2]
    assert not unknown[: len(unknown) // 3].any()


def test_several_channels_are_one_picture_and_a_few_steps_are_none():
    both = spectrogram(np.concatenate([tone(500), tone(3_000)], axis=1)).codes[:, 50]
    assert sorted(np.argsort(both)[-2:]) == sorted(spectrogram(tone(f)).codes[:, 50].argmax() for f in (3_000, 500))
    assert spectrogram(np.zeros((31, 1))) is None


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf"), "8k"])
def test_a_sample_rate_is_a_positive_number(rate):
    with pytest.raises(DataError, match="Expected the steps of a second as a positive number, got sample_rate="):
        Dataset(np.zeros((2, 8, 1)), np.zeros(2), sample_rate=rate)
