"""A step is gone through before it is taken: nothing moves, and it is the very next one."""

from __future__ import annotations

from ..planting import Break

STEPS = "tests/keras/test_step_through.py"
ON_PAGE = "tests/keras/test_step_page.py"

STEPPED = (
    Break(
        "a batch that is looked at stays the next one",
        "nnvis_widget/keras_adapter/loops/feed.py",
        "        bring_back()\n        return indices\n",
        "        return indices\n",
        (f"{STEPS}::test_the_step_that_is_taken_is_that_of_train_on_batch_and_one_that_is_left_is_none[sgd]",),
    ),
    Break(
        "no element of a stream that is looked at is lost",
        "nnvis_widget/keras_adapter/loops/feed.py",
        "        if element is not None:\n            self.give_back(element)\n",
        "",
        (f"{STEPS}::test_of_a_stream_no_batch_is_lost_or_seen_twice[a generator]",),
    ),
    Break(
        "a model that was changed meanwhile is not stepped",
        "nnvis_widget/training/stepping.py",
        "        if self.leave_if_moved():\n            raise CommandError(MOVED)\n",
        "",
        (f"{STEPS}::test_a_model_that_was_changed_meanwhile_is_not_stepped_and_stays_as_it_was_set",),
    ),
    Break(
        "a step that fails leaves the weights as they were",
        "nnvis_widget/training/stepping.py",
        "            opened.restore()\n",
        "",
        (f"{STEPS}::test_a_step_that_fails_leaves_everything_as_it_was",),
    ),
    Break(
        "after a step its numbers are those of the weights before it",
        "nnvis_widget/keras_adapter/one_batch/step_pass.py",
        "        with weights_are(self.weights):\n",
        "        with weights_are(()):\n",
        (f"{STEPS}::test_the_step_that_is_taken_is_that_of_train_on_batch_and_one_that_is_left_is_none[sgd]",),
    ),
    Break(
        "what lowers the loss is drawn, and not its slope",
        "nnvis_widget/stream/step_message.py",
        'turned = -1.0 if phase == "backward" else 1.0',
        'turned = 1.0 if phase == "backward" else 1.0',
        (f"{ON_PAGE}::test_picture_and_cards_have_the_numbers_of_each_phase",),
    ),
)
