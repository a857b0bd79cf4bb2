"""What is made, kept and given back: subscriptions, widgets, cells, the run, locks."""

from __future__ import annotations

from ..planting import Break

CLOSING = "tests/dashboard/test_closing.py::test_what_is_closed_leaves_no_widget_and_hears_nothing_more"
CELLS = "tests/dashboard/test_cells.py"
UNSUBSCRIBE = "        while self._unsubscribe:\n            self._unsubscribe.pop()()\n"

LIFE = (
    Break(
        "closed controls hear nothing more",
        "nnvis_widget/widgets/controls.py",
        "        self._leave()\n        self._refresher.close()\n",
        "        self._refresher.close()\n",
        (f"{CLOSING}[controls]",),
    ),
    Break(
        "a closed panel hears nothing more",
        "nnvis_widget/widgets/panels/panel.py",
        UNSUBSCRIBE,
        "",
        (f"{CLOSING}[weights]",),
    ),
    Break(
        "a closed view hears nothing more",
        "nnvis_widget/widgets/network_view.py",
        "        for unsubscribe in self._unsubscribe:\n            unsubscribe()\n",
        "",
        (f"{CLOSING}[view]",),
    ),
    Break(
        "a closed panel watches nothing",
        "nnvis_widget/widgets/watching.py",
        "left.post(Unwatch(self.id))",
        "pass",
        (f"{CLOSING}[weights]",),
    ),
    Break(
        "layouts and styles are closed with their widget",
        "nnvis_widget/widgets/ownership.py",
        "yield from (one for one in inner if isinstance(one, ipywidgets.Widget))",
        "yield from (one for one in inner if isinstance(one, ipywidgets.DOMWidget))",
        (
            f"{CLOSING}[controls]",
            "tests/panels/test_panel.py::test_a_closed_panel_leaves_no_widget_and_no_thread[TrainingCurves]",
        ),
    ),
    Break(
        "a closed dashboard closes its controls",
        "nnvis_widget/dashboard/dashboard.py",
        "            self.controls.close()\n        self.controls = None\n",
        "            self.controls.remove_class('nnvis-controls')\n        self.controls = None\n",
        (f"{CLOSING}[dashboard]",),
    ),
    Break(
        "what a person handed in is not closed with ours",
        "nnvis_widget/widgets/ownership.py",
        "if part is not widget and is_own(part):",
        "if part is not widget:",
        (
            "tests/panels/test_panel.py::test_what_a_person_gives_a_panel_is_theirs_and_what_they_replace_is_closed_with_it",
        ),
    ),
    Break(
        "closed controls let go of their trainer",
        "nnvis_widget/widgets/controls.py",
        "        super().close()\n        self._trainer = None\n",
        "        super().close()\n",
        (
            "tests/dashboard/test_closing.py"
            "::test_what_is_closed_lets_go_of_model_run_and_trainer_also_where_it_is_kept_by_name",
        ),
    ),
    Break(
        "boxes are not looked for among all objects",
        "nnvis_widget/widgets/cells.py",
        'widgets = [getattr(held, "__self__", None) for one in comms for held in list(vars(one).values())]',
        "widgets = gc.get_objects() if comms else []",
        (f"{CELLS}::test_tuples_that_other_threads_are_building_are_left_alone",),
    ),
    Break(
        "a cell that is run again frees what its last run made",
        "nnvis_widget/widgets/cells.py",
        'shell.events.register("post_run_cell", self.after_cell)',
        'shell.events.register("post_run_cell", lambda _, of=self: None)',
        (f"{CELLS}::test_a_cell_that_is_run_again_frees_what_its_last_run_made[shown]",),
    ),
    Break(
        "what a person still reaches stays open when its cell is run again",
        "nnvis_widget/widgets/cells.py",
        "if thing is not None and id(thing) not in kept:",
        "if thing is not None:",
        (f"{CELLS}::test_what_a_person_still_reaches_or_sees_in_another_cell_stays_open[by another name]",),
    ),
    Break(
        "a box of a person keeps what is in it",
        "nnvis_widget/widgets/cells.py",
        "        yield from (box for box in _boxes() if box not in known)\n",
        "",
        (f"{CELLS}::test_what_a_person_still_reaches_or_sees_in_another_cell_stays_open[in a box that has no name]",),
    ),
    Break(
        "a listener that fails is let go",
        "nnvis_widget/run/listeners.py",
        "                with self._lock:\n                    self._listeners.pop(token, None)\n                fail",
        "                fail",
        ("tests/unit/test_run.py::test_a_failing_listener_is_reported_once_and_detached_while_the_others_go_on",),
    ),
    Break(
        "a run is written by one thread at a time",
        "nnvis_widget/run/run.py",
        "        with self._lock:\n            if not self._insert(snapshot):",
        "        if True:\n            if not self._insert(snapshot):",
        ("tests/unit/test_run.py::test_one_snapshot_after_the_other_finds_its_place",),
    ),
    Break(
        "parts of a gaze that move at once are all kept",
        "nnvis_widget/run/gaze.py",
        "        with self._lock:\n            self._look = replace(self._look, **parts)",
        "        if True:\n            self._look = replace(self._look, **parts)",
        ("tests/unit/test_gaze.py::test_parts_moved_on_different_threads_stay_all",),
    ),
    Break(
        "while a command is checked none comes and none goes",
        "nnvis_widget/control/command_queue.py",
        "        with self._lock:\n            check(",
        "        if True:\n            check(",
        ("tests/unit/test_control.py::test_while_a_command_is_checked_none_comes_and_none_goes",),
    ),
    Break(
        "who reads a model at rest is done before a training begins",
        "nnvis_widget/control/source_core.py",
        "        with self._lock:\n            return otherwise() if self.is_training else read()",
        "        return otherwise() if self.is_training else read()",
        ("tests/unit/test_source_core.py::test_who_reads_at_rest_is_done_before_a_training_begins",),
    ),
    Break(
        "beside a training nobody else obeys",
        "nnvis_widget/control/source_core.py",
        "if self.is_training or (command := self.queue.take()) is None:",
        "if (command := self.queue.take()) is None:",
        ("tests/unit/test_source_core.py::test_beside_a_training_nobody_else_obeys",),
    ),
    Break(
        "a run keeps its first and its last snapshot",
        "nnvis_widget/run/retention.py",
        "stays[[0, -1]] = True",
        "stays[[-1]] = True",
        ("tests/unit/test_retention.py::test_the_first_and_the_last_stay_over_the_budget",),
    ),
    Break(
        "the last good step is kept when a run is thinned",
        "nnvis_widget/run/run.py",
        "pinned = _is_any_of(steps, self._vital)",
        "pinned = _is_any_of(steps, {})",
        ("tests/unit/test_finite.py::test_the_last_good_snapshot_outlives_the_thinning",),
    ),
    Break(
        "a run keeps to its bytes",
        "nnvis_widget/run/run.py",
        "        if self._record.snapshot_bytes <= budget:\n            return\n",
        "        if self._record.snapshot_bytes <= 10**12:\n            return\n",
        ("tests/unit/test_run.py::test_over_the_budget_the_run_is_thinned_and_counts_what_it_saw",),
    ),
    Break(
        "of every step the metrics are kept",
        "nnvis_widget/run/scalar_series.py",
        "grown[: self._count] = array[: self._count]",
        "grown[: self._count] = array[0]",
        ("tests/property/test_run_properties.py::test_scalars_come_back_as_they_were_recorded",),
    ),
    Break(
        "a newer measurement of a step takes the place of the older",
        "nnvis_widget/run/run.py",
        "if snapshot.revision <= self._record.snapshots[index].revision:",
        "if snapshot.revision >= self._record.snapshots[index].revision:",
        ("tests/unit/test_run.py::test_a_higher_revision_replaces_the_snapshot_of_its_step",),
    ),
    Break(
        "wait waits for a training that is about to begin",
        "nnvis_widget/training/trainer.py",
        "        is_obeying = self._core.queue.is_busy and not self._worker.is_current\n",
        "        is_obeying = False\n",
        ("tests/keras/test_states.py::test_wait_waits_for_a_training_that_is_about_to_begin",),
    ),
    Break(
        "controls that turn to another training set no value of it",
        "nnvis_widget/widgets/controls.py",
        "        self._follows.trainer = True\n",
        "        self._follows.trainer = False\n",
        ("tests/dashboard/test_controls.py::test_they_tell_of_another_training_what_new_controls_of_it_tell[False]",),
    ),
)
