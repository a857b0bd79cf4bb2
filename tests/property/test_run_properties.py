import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from nnvis_widget.core.snapshot import Moment, Snapshot, TensorKey
from nnvis_widget.run.retention import thin
from nnvis_widget.run.run import SNAPSHOT_BYTES, Run

SPACINGS = st.lists(st.integers(1, 50), min_size=1, max_size=80)


def snapshot(step, size=0):
    return Snapshot(Moment(step), tensors={TensorKey("weight", "L1", "kernel"): np.zeros(size, np.uint8)})


def thin_by_search(steps, sizes, budget, pinned):
    """The definition, one removal at a time."""
    kept = list(range(len(steps)))
    while sum(sizes[i] for i in kept) > budget:
        places = [p for p in range(1, len(kept) - 1) if not pinned[kept[p]]]
        if not places:
            break
        place = min(places, key=lambda p: (steps[kept[p + 1]] - steps[kept[p - 1]], kept[p]))
        del kept[place]
    return sorted(set(range(len(steps))) - set(kept))


@given(spacings=SPACINGS, data=st.data())
def test_thinning_is_its_definition(spacings, data):
    steps = np.cumsum(spacings)
    sizes = np.array(data.draw(st.lists(st.integers(0, 9), min_size=len(steps), max_size=len(steps))), np.int64)
    budget = data.draw(st.integers(0, int(sizes.sum()) + 1))
    pinned = np.array(data.draw(st.lists(st.booleans(), min_size=len(steps), max_size=len(steps))), bool)
    none = np.zeros(len(steps), bool)
    expected = thin_by_search(steps.tolist(), sizes.tolist(), budget, none)
    assert thin(steps, sizes, budget).tolist() == expected
    assert thin(steps, sizes, budget, none).tolist() == expected
    assert thin(steps, sizes, budget, pinned).tolist() == thin_by_search(steps, sizes, budget, pinned)


@given(spacings=SPACINGS, sizes=st.lists(st.integers(0, 5000), min_size=1, max_size=80), room=st.integers(0, 40_000))
def test_a_run_keeps_its_ends_and_its_budget(spacings, sizes, room):
    run = Run(byte_budget=room)
    steps = np.cumsum(spacings)[: len(sizes)].tolist()
    for step, size in zip(steps, sizes, strict=False):
        run.append(snapshot(step, size))
        assert run.byte_count <= room or run.kept_count <= 2
        assert run.latest.step == step
        assert run.first.step == steps[0]
    assert run.seen_count == len(steps)
    assert run.byte_count == sum(run.at(step).byte_count + SNAPSHOT_BYTES for step in run.steps.tolist())


@given(spacings=st.lists(st.integers(1, 9), min_size=3, max_size=300), places=st.integers(3, 40))
def test_a_growing_run_stays_evenly_spread(spacings, places):
    run = Run(byte_budget=places * SNAPSHOT_BYTES)
    steps = np.cumsum(spacings)
    for step in steps.tolist():
        run.append(snapshot(step))
    kept = run.steps
    assert len(kept) == min(places, len(steps))
    even = (steps[-1] - steps[0]) / (len(kept) - 1)
    assert np.diff(kept).max() <= max(max(spacings), 2 * even)


@given(
    steps=st.lists(st.integers(0, 1000), min_size=1, max_size=40, unique=True),
    wanted=st.integers(-10, 1010),
    count=st.integers(-50, 50),
)
def test_the_nearest_and_its_neighbours_are_those_of_a_search(steps, wanted, count):
    run = Run()
    for step in steps:
        run.append(snapshot(step))
    ordered = sorted(steps)
    nearest = min(ordered, key=lambda step: (abs(step - wanted), step))
    assert run.steps.tolist() == ordered
    assert run.at(wanted).step == nearest
    place = ordered.index(nearest) + count
    assert run.neighbour(wanted, count).step == ordered[min(max(place, 0), len(ordered) - 1)]


@given(blocks=st.lists(st.lists(st.floats(), min_size=0, max_size=70), max_size=12))
@example(blocks=[[float(step) for step in range(70)]] * 12)
def test_scalars_come_back_as_they_were_recorded(blocks):
    run, start = Run(), 0
    for block in blocks:
        steps = np.arange(start, start + len(block))
        run.record_scalars(steps, ["loss"], np.array(block).reshape(-1, 1))
        start += len(block)
    if start:
        steps, values = run.scalars("loss")
        assert steps.tolist() == list(range(start))
        np.testing.assert_array_equal(values, np.concatenate(blocks))
