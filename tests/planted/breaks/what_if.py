"""Changes are tried on a network without touching it, and what is told of them is true."""

from __future__ import annotations

from ..planting import Break

TESTS = "tests/keras/test_what_if.py"
BY_HAND = f"{TESTS}::test_outputs_loss_metric_and_flips_are_those_of_a_pass_by_hand"
PICTURE = f"{TESTS}::test_the_picture_is_of_the_changed_network_says_so_and_is_the_former_one_after_leaving"
FROZEN = f"{TESTS}::test_a_frozen_layer_is_constant_through_the_next_steps_and_the_others_learn_as_beside_it"
HELD = "nnvis_widget/keras_adapter/what_if/held_units.py"
CHANGED = "nnvis_widget/keras_adapter/what_if/changed.py"

TRIED = (
    Break(
        "a held unit passes on what it is held at",
        HELD,
        "return held.put(put_out)",
        "return put_out",
        (f"{BY_HAND}[-unit_at_zero]",),
    ),
    Break(
        "a mean is over samples, not over units",
        CHANGED,
        "held[place] = float(np.take(values, unit, axis).mean())",
        "held[place] = float(values.mean())",
        (f"{BY_HAND}[-unit_at_its_mean]",),
    ),
    Break(
        "an edge at its mean still passes that on",
        CHANGED,
        '            if change.to == "mean":\n                parameter(',
        '            if change.to == "never":\n                parameter(',
        (f"{BY_HAND}[-edge_at_its_mean]",),
    ),
    Break(
        "units are held for who tries it alone",
        HELD,
        '_now: ContextVar[_Now | None] = ContextVar("units that are held", default=None)',
        "class _Everybody:\n    now = None\n    def get(self):\n        return self.now\n"
        "    def set(self, now):\n        self.now = now\n    def reset(self, _):\n        self.now = None\n\n\n"
        "_now = _Everybody()",
        (f"{TESTS}::test_units_are_held_for_who_tries_it_alone",),
    ),
    Break(
        "what cannot be held is said",
        HELD,
        '    own["call"] = call\n',
        '    own["calls"] = call\n',
        (f"{TESTS}::test_a_held_unit_keeps_the_mask_of_its_layer",),
    ),
    Break(
        "a panel beside it says that it shows the network as it is",
        "nnvis_widget/widgets/panels/panel.py",
        'untried(self.source, self.gaze.look) if self._is_of_model else ""',
        '""',
        ("tests/panels/test_beside_what_if.py::test_a_panel_of_the_model_says_that_it_shows_it_as_it_is",),
    ),
    Break(
        "a picture with changes says that it is not the model",
        "nnvis_widget/stream/snapshot_frame.py",
        '{"what_if": shown.wish.what_if} if shown.wish.what_if else {}',
        "{}",
        (PICTURE,),
    ),
    Break(
        "a notebook keeps the model, not what was tried on it",
        "nnvis_widget/widgets/network_view.py",
        "self._snapshot_frame(is_plain=True)",
        "self._snapshot_frame()",
        (PICTURE,),
    ),
    Break(
        "a frozen layer is put back after each step",
        "nnvis_widget/keras_adapter/freezing.py",
        "            variable.assign(value)",
        "            pass",
        (FROZEN,),
    ),
    Break(
        "each step begins with a frozen layer as it was, not only each block of steps",
        "nnvis_widget/keras_adapter/train_loop.py",
        "loop.run(1 if self.frozen else limit)",
        "loop.run(limit)",
        (FROZEN,),
    ),
    Break(
        "only what is told to be applied reaches the model",
        "nnvis_widget/training/applying.py",
        "            variable.assign(value)",
        "            variable.assign(value * 1.0001)",
        (f"{TESTS}::test_what_is_applied_changes_exactly_those_weights_and_is_marked",),
    ),
)
