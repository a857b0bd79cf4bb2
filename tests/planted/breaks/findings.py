"""The doctor names the cause, stays silent where nothing is wrong, and changes nothing."""

from __future__ import annotations

from ..planting import Break

DOCTOR = "tests/unit/test_doctor.py"
LOOK = "tests/keras/test_look.py"
FOUND = "tests/keras/test_findings.py"
VIEW = "js/tests/findings.test.ts"

FINDINGS = (
    Break(
        "what is dead in a network that works is no fault",
        "nnvis_widget/diagnosis/rules/units.py",
        "if share <= limit or not case.hurts:",
        "if share <= limit:",
        (f"{DOCTOR}::test_dead_and_saturated_units_of_a_network_that_works_are_no_fault",),
    ),
    Break(
        "an earlier cause takes what it explains",
        "nnvis_widget/diagnosis/blame.py",
        "cause_of[place] = at",
        "pass",
        (f"{DOCTOR}::test_raw_inputs_that_saturate_a_layer_are_one_chain",),
    ),
    Break(
        "a doubt is a fault only where it harms",
        "nnvis_widget/diagnosis/blame.py",
        'return replace(cause, severity="fault") if is_grown else cause',
        'return replace(cause, severity="fault")',
        (f"{DOCTOR}::test_a_doubt_is_a_warning_while_it_learns",),
    ),
    Break(
        "what cannot be told yet is not called fine",
        "nnvis_widget/diagnosis/doctor.py",
        "{**stood.not_checked, **pending, **self._early(looks, is_over), **self._course.broken}",
        "{**stood.not_checked, **pending, **self._course.broken}",
        (f"{DOCTOR}::test_what_cannot_be_told_yet_is_not_called_fine",),
    ),
    Break(
        "a sign must stay for some looks",
        "nnvis_widget/diagnosis/persistence.py",
        "is_told=needed <= 1)",
        "is_told=True)",
        (f"{DOCTOR}::test_a_sign_comes_after_some_looks_in_a_row_and_is_over_after_three_clean_ones",),
    ),
    Break(
        "the penalty is no part of the loss of the data",
        "nnvis_widget/keras_adapter/probes/look.py",
        'told = {"loss": total - penalty,',
        'told = {"loss": total,',
        (f"{LOOK}::test_a_look_has_the_numbers_of_the_model",),
    ),
    Break(
        "the probe is drawn from everywhere",
        "nnvis_widget/keras_adapter/probes/look.py",
        "return np.sort(np.random.default_rng(SEED).choice(count, min(count, most), replace=False))",
        "return np.arange(min(count, most))",
        (f"{LOOK}::test_a_look_has_the_numbers_of_the_model",),
    ),
    Break(
        "names reach a page as text",
        "nnvis_widget/core/findings.py",
        "join(escape(line.strip()) for line in lines)",
        "join(line.strip() for line in lines)",
        (f"{DOCTOR}::test_names_with_markup_reach_a_page_as_text",),
    ),
    Break(
        "a reset forgets what was found",
        "nnvis_widget/keras_adapter/observer.py",
        "        self._soundness = Soundness(self.run)\n        self.checkup.begin_anew()\n",
        "        self._soundness = Soundness(self.run)\n",
        ("tests/keras/test_findings.py::test_dead_units_are_found_and_placed_and_a_reset_forgets_them",),
    ),
    Break(
        "the past has what stood then",
        "nnvis_widget/stream/snapshot_frame.py",
        "shown.run.found.at(shown.snapshot.step)",
        "status.findings",
        (f"{FOUND}::test_a_view_says_it_at_its_place_and_of_the_past_what_stood_then_under_any_threshold",),
    ),
    Break(
        "evidence of the past ends there",
        "nnvis_widget/core/finding.py",
        "count = bisect_right(self.steps, step)",
        "count = len(self.steps)",
        ("tests/unit/test_history.py::test_the_past_is_told_as_it_was_told_then",),
    ),
    Break(
        "another threshold judges what was looked at anew",
        "nnvis_widget/diagnosis/course.py",
        "                course.look(look, _without(stood, asked))",
        "                course.look(look, stood)",
        ("tests/unit/test_history.py::test_another_threshold_is_as_if_it_had_been_so_from_the_beginning",),
    ),
    Break(
        "weights that somebody sets forget what was found in others",
        "nnvis_widget/keras_adapter/observer.py",
        "self.checkup.begin_anew()  # what was found was found in other weights",
        "pass",
        (f"{FOUND}::test_a_view_says_it_at_its_place_and_of_the_past_what_stood_then_under_any_threshold",),
    ),
    Break(
        "what is within a closed group stands at its card",
        "nnvis_widget/stream/found.py",
        "layer = None if structure is None else structure.parent_of(layer)",
        "layer = None",
        ("tests/unit/test_found_header.py::test_what_is_within_a_closed_group_stands_at_its_card",),
    ),
    Break(
        "what is over has no badge",
        "js/src/draw/read/found.ts",
        "!isOver && layers.some",
        "layers.some",
        (f"{VIEW}::what is wrong stands at its place, is said once as an alert, and leads there",),
    ),
    Break(
        "a fault is news only once",
        "js/src/ui/frame/foundAlert.ts",
        "faults.find((one) => !known.has(keyOfFinding(one)))",
        "faults[0]",
        (f"{VIEW}::what is wrong stands at its place, is said once as an alert, and leads there",),
    ),
)
