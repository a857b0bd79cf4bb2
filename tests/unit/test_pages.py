"""Do arrays keep their numbers in pages of their own, and do the pages go back?"""

import numpy as np
import pytest

from nnvis_widget.core.pages import LEAST_BYTES, in_own_pages


@pytest.mark.parametrize("dtype", ["float32", "uint8", "int64"])
def test_a_large_array_is_copied_whole(dtype):
    array = np.random.default_rng(0).integers(0, 200, (300, 400)).astype(dtype)
    copy = in_own_pages(array)
    np.testing.assert_array_equal(copy, array)
    assert copy.dtype == array.dtype
    assert not np.shares_memory(copy, array)
    array[0] = 7
    assert (copy[0] != 7).any()


def test_a_small_array_stays_where_it_is():
    array = np.zeros(LEAST_BYTES // 8 - 1)
    assert in_own_pages(array) is array
    assert in_own_pages(np.zeros(0)).size == 0


def test_pages_go_back_with_their_array():
    psutil = pytest.importorskip("psutil")
    process = psutil.Process()
    array = np.ones(4 * 2**20)
    before = process.memory_info().rss
    copy = in_own_pages(array)
    held = process.memory_info().rss
    assert held - before > 0.9 * array.nbytes
    del copy
    assert process.memory_info().rss - before < 0.1 * array.nbytes
