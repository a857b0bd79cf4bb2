"""What is tried beside a training leaves it as it was, and is told as it is."""

from __future__ import annotations

from ..planting import Break

TRIALS = "tests/keras/test_trials.py"
CHANGES = "tests/keras/test_changes.py"

OF_TRIALS = (
    Break(
        "clones draw no number from Python's own generator",
        "nnvis_widget/keras_adapter/twin.py",
        "with seeds_of_its_own(SEED), keras",
        "with keras",
        (f"{TRIALS}::test_a_training_that_runs_waits_for_a_trial_and_ends_as_without_it",),
    ),
    Break(
        "a training goes on after a trial",
        "nnvis_widget/training/trying.py",
        "            if goes_on:\n                self._go_on()\n",
        "            if goes_on:\n                self._tell()\n",
        (f"{TRIALS}::test_a_trial_is_cancelled_between_two_steps_and_the_training_goes_on",),
    ),
    Break(
        "a network is judged by what it puts out",
        "nnvis_widget/keras_adapter/twin.py",
        "if self._judge is not None and len(outputs) == 1:",
        "if self._judge is not None and len(outputs) == 0:",
        (f"{TRIALS}::test_an_answer_that_is_always_the_same_is_judged_by_what_is_put_out",),
    ),
    Break(
        "who may train otherwise is not cloned",
        "nnvis_widget/keras_adapter/twin.py",
        "        if getattr(type(model), name) is not getattr(keras.Model, name):\n",
        "        if getattr(type(model), name) is None:\n",
        (f"{TRIALS}::test_what_cannot_be_tried_says_why_and_gives_the_code",),
    ),
    Break(
        "a kernel that is drawn anew does not take over the old one",
        "nnvis_widget/keras_adapter/twin.py",
        "        if keeps_weights and isinstance(layer",
        "        if isinstance(layer",
        (f"{CHANGES}::test_kernels_are_drawn_anew_and_what_is_left_out_or_punished_is_less",),
    ),
)
