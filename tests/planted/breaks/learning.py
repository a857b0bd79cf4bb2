"""How a unit learns is told of what is shown, as it is, and costs a training nothing."""

from __future__ import annotations

from ..planting import Break

LEARNING = "tests/keras/test_learning.py"
ON_PAGE = "js/tests/learning.test.ts"
REHEARSAL = "tests/keras/test_rehearsal.py"

LEARNT = (
    Break(
        "a closed section measures nothing",
        "nnvis_widget/stream/shown.py",
        '{"closed": (), "open": ("learning",)}',
        '{"open": ("learning",)}',
        (f"{LEARNING}::test_a_closed_section_measures_nothing_and_an_open_one_only_of_what_is_chosen",),
    ),
    Break(
        "at a kept step it is computed with the weights of then",
        "nnvis_widget/keras_adapter/one_batch/slopes.py",
        "    own = [(variable, tf.convert_to_tensor(value_of(variable))) for variable in variables]\n",
        "    own = [(variable, tf.convert_to_tensor(variable.value)) for variable in variables]\n",
        (f"{LEARNING}::test_at_a_kept_step_it_is_told_with_the_weights_of_then_and_that_slots_were_not_kept",),
    ),
    Break(
        "of a kept step no update is told with the slots of now",
        "nnvis_widget/keras_adapter/one_batch/updates.py",
        "        lacking = OF_THE_PAST\n",
        "        pass\n",
        (f"{LEARNING}::test_at_a_kept_step_it_is_told_with_the_weights_of_then_and_that_slots_were_not_kept",),
    ),
    Break(
        "what was left out while steps were taken is told once they end",
        "nnvis_widget/keras_adapter/probes/learning.py",
        "        forward.is_owed = is_in_haste\n",
        "",
        (f"{LEARNING}::test_what_was_left_out_in_haste_is_told_once_the_training_rests",),
    ),
    Break(
        "of a map it is told at the place that is chosen",
        "nnvis_widget/keras_adapter/probes/learning.py",
        "        return unit, place if len(shape) == 3 else place[-1:]\n",
        "        return unit, None\n",
        (f"{LEARNING}::test_of_a_map_it_is_told_at_the_chosen_place_and_of_its_strongest_weights",),
    ),
    Break(
        "the gradient of the sample is not that of the batch",
        "nnvis_widget/stream/weight_moves.py",
        "[gradient.sample.get(name), gradient.batch.get(name)]",
        "[gradient.batch.get(name), gradient.batch.get(name)]",
        (f"{LEARNING}::test_each_number_is_that_of_autodiff_and_of_the_step_that_keras_takes",),
    ),
    Break(
        "numbers of another unit are not shown as this one's",
        "js/src/ui/inspector/learningPanel.ts",
        "if (told?.of !== of || frame.header.whatIf > 0) told = null;",
        "if (frame.header.whatIf > 0) told = null;",
        (f"{ON_PAGE}::what cannot be told is said, and numbers of another step say of which",),
    ),
    Break(
        "a mark stands only where something was compared",
        "js/src/ui/inspector/learningPanel.ts",
        '...(count === "" ? [] : ',
        '...(count === "never" ? [] : ',
        (f"{ON_PAGE}::a mark stands where something was compared, red with both numbers where it differs",),
    ),
    Break(
        "no step is taken of a fit, which cannot be held",
        "nnvis_widget/core/command.py",
        '    CommandKind(TakeStep, {"takes": REST}, "take_step"),\n',
        '    CommandKind(TakeStep, {"steps": REST}, "take_step"),\n',
        (f"{REHEARSAL}::test_after_a_fit_the_batch_of_the_shown_sample_is_gone_through_and_no_step_is_taken",),
    ),
)
