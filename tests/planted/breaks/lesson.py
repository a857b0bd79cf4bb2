"""A lesson can be followed: its pace, its way back, its past, what begins without a jolt."""

from __future__ import annotations

from ..planting import Break

PACER = "tests/unit/test_pacer.py"
PAST = "tests/keras/test_the_past.py"
UNDO = "tests/keras/test_undo.py"

LESSON = (
    Break(
        "a pace is kept from its beginning on",
        "nnvis_widget/control/pacer.py",
        "due = floor((now_s - self._start_s) * rate_hz + ROUNDING) + 1 - done",
        "due = floor((now_s - self._start_s) * rate_hz + ROUNDING) + 2 - done",
        (f"{PACER}::test_the_first_is_due_at_once_and_the_next_when_its_time_has_come",),
    ),
    Break(
        "after a pause of the machine no rush follows",
        "nnvis_widget/control/pacer.py",
        "self._start_s = max(self._start_s, now_s - MOST_BEHIND_S - done / rate_hz)",
        "self._start_s = max(self._start_s, now_s - 1e9 - done / rate_hz)",
        (f"{PACER}::test_after_a_pause_of_the_machine_no_more_than_half_a_second_is_made_up_for",),
    ),
    Break(
        "a script that waits is not slowed",
        "nnvis_widget/training/trainer.py",
        "        self._engine.pacing.hurry()\n",
        "",
        ("tests/keras/test_pace.py::test_a_small_model_that_a_page_shows_can_be_followed_of_its_own_accord",),
    ),
    Break(
        "an undo brings the metrics' variables back",
        "nnvis_widget/keras_adapter/state.py",
        "        for variable, value in self._metrics:\n            variable.assign(value)\n",
        "",
        (f"{UNDO}::test_after_an_undo_the_training_goes_on_as_if_it_had_not_been_reset",),
    ),
    Break(
        "where the weights of then do not tell all nothing is made up",
        "nnvis_widget/keras_adapter/looking_back.py",
        "asked in self._unanswered or not self._is_told_by_weights:",
        "asked in self._unanswered:",
        (f"{PAST}::test_where_the_weights_of_then_do_not_tell_all_nothing_is_made_up",),
    ),
    Break(
        "weights that were not finite are not computed with",
        "nnvis_widget/keras_adapter/past_weights.py",
        " or not np.isfinite(value).all():",
        ":",
        (f"{PAST}::test_weights_that_were_not_finite_are_not_computed_with",),
    ),
    Break(
        "the past is computed with the weights of then",
        "nnvis_widget/keras_adapter/past_weights.py",
        "    with weights_are(pairs or ()):\n",
        "    with weights_are(()):\n",
        (f"{PAST}::test_another_sample_of_a_kept_step_goes_through_the_weights_of_then",),
    ),
    Break(
        "metrics that come later have their place from the beginning",
        "nnvis_widget/run/headline.py",
        "dict.fromkeys((*told, *known, *awaited))",
        "dict.fromkeys((*told, *known))",
        ("tests/unit/test_clock.py::test_metrics_that_come_later_have_their_place_from_the_beginning",),
    ),
    Break(
        "a stroke gives up nothing that was trained",
        "nnvis_widget/lessons/workshop.py",
        'return status.state == "idle" and "undo_reset" not in status.commands',
        'return status.state == "idle"',
        ("tests/dashboard/test_lessons.py::test_a_stroke_gives_up_nothing_that_was_trained",),
    ),
    Break(
        "an eraser that hits nothing is no stroke",
        "js/src/pad/pointDrawing.ts",
        "if (left.length < this.state.length) this.state = left;",
        "this.state = left;",
        ("js/tests/drawings.test.ts",),
    ),
)
