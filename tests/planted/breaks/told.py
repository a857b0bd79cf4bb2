"""What is told of numbers is true of them: words, signs, sums, places."""

from __future__ import annotations

from ..planting import Break

VERDICT = "tests/unit/test_verdict.py::test_what_is_said_is_true_of_the_numbers"
BUNDLES = "tests/unit/test_bundles.py"

TOLD = (
    Break(
        "a difference has its sign",
        "nnvis_widget/reduce/verdict.py",
        "format_signed(float(outputs[0] - target[0]))",
        "format_signed(float(target[0] - outputs[0]))",
        (VERDICT,),
    ),
    Break(
        "right is right and wrong is wrong",
        "nnvis_widget/reduce/verdict.py",
        "if guess == true:",
        "if guess != true:",
        (VERDICT,),
    ),
    Break(
        "of what is not finite nothing is predicted",
        "nnvis_widget/reduce/verdict.py",
        "if not np.isfinite(outputs).all():\n        is_nan",
        "if outputs is None:\n        is_nan",
        (VERDICT,),
    ),
    Break(
        "nothing is called a class where the task is not known",
        "nnvis_widget/reduce/verdict.py",
        "    if task.has_classes:\n        return _of_classes(",
        "    if task.has_classes or task.kind is None:\n        return _of_classes(",
        (VERDICT,),
    ),
    Break(
        "a percent is said of probabilities only",
        "nnvis_widget/reduce/verdict.py",
        "return task.is_share and is_inside and is_whole",
        "return is_inside",
        (VERDICT,),
    ),
    Break(
        "a target says yes and no as it means them",
        "nnvis_widget/reduce/confusion.py",
        "return np.where(is_yes, 1, np.where(is_no, 0, NO_CLASS)).astype(np.int64)",
        "return np.where(is_yes, 0, np.where(is_no, 1, NO_CLASS)).astype(np.int64)",
        ("tests/unit/test_confusion.py::test_a_target_says_yes_and_no_as_the_task_has_it", VERDICT),
    ),
    Break(
        "a logit says yes above zero",
        "nnvis_widget/reduce/confusion.py",
        "(outputs[:, 0] > task.boundary)",
        "(outputs[:, 0] > 0.5)",
        (VERDICT,),
    ),
    Break(
        "a row of the confusion matrix is a true class",
        "nnvis_widget/reduce/confusion.py",
        "true[is_said] * classes + predicted[is_said]",
        "predicted[is_said] * classes + true[is_said]",
        ("tests/unit/test_confusion.py::test_the_counts_are_those_of_scikit_learn",),
    ),
    Break(
        "an autoencoder is never right or wrong",
        "nnvis_widget/keras_adapter/read/read_task.py",
        'if known.family != "several" and _are_inputs(scenery):',
        "if known is None:",
        ("tests/keras/test_task.py::test_an_autoencoder_is_never_right_or_wrong",),
    ),
    Break(
        "labels are no classes",
        "nnvis_widget/keras_adapter/read/read_task.py",
        '"one_of_two" if units == 1 else "labels"',
        '"one_of_two" if units == 1 else "one_of_several"',
        ("tests/keras/test_task.py::test_two_sigmoids_with_two_ones_are_two_labels",),
    ),
    Break(
        "NaN has a colour of its own",
        "nnvis_widget/reduce/quantize.py",
        "    codes[missing] = 0\n",
        "    codes[missing] = 1\n",
        (
            "tests/unit/test_quantize.py::test_the_range_is_laid_on_the_codes_1_to_255",
            "tests/property/test_reduce_properties.py::test_a_value_is_at_most_half_a_level_from_its_code",
        ),
    ),
    Break(
        "NaN makes all units behind it not finite",
        "nnvis_widget/reduce/not_finite.py",
        "handed = _repeated(_any_along(masks[0], sources[0][0].units), size)",
        "handed = np.zeros((1, size), bool)",
        ("tests/unit/test_not_finite.py::test_all_units_behind_a_bad_one_are_bad_and_samples_keep_apart",),
    ),
    Break(
        "what is infinite is told as infinite",
        "nnvis_widget/diagnosis/rules/finite.py",
        'return bool(Moments(*tensor).nans) if key.quantity == "moments" else bool(np.isnan(tensor).any())',
        "return True",
        ("tests/unit/test_finite.py::test_a_weight_that_is_infinite_is_told_as_infinite",),
    ),
    Break(
        "the first bad step is exact",
        "nnvis_widget/diagnosis/rules/finite.py",
        "row = int(bad_rows[0])",
        "row = int(bad_rows[-1])",
        ("tests/unit/test_finite.py::test_the_loss_dates_it_and_the_next_snapshot_names_the_tensor",),
    ),
    Break(
        "the strongest links have their sign",
        "nnvis_widget/reduce/top_links.py",
        "values[order], nan_count)",
        "np.abs(values[order]), nan_count)",
        (f"{BUNDLES}::test_top_links_are_the_strongest_with_their_sign",),
    ),
    Break(
        "a negative link can be the strongest",
        "nnvis_widget/reduce/top_links.py",
        "strength = np.abs(block).ravel()",
        "strength = block.ravel()",
        (f"{BUNDLES}::test_top_links_are_the_strongest_with_their_sign",),
    ),
    Break(
        "a bundle is the sum with signs",
        "nnvis_widget/reduce/bundles.py",
        "sums = rows.sum(axis=0, dtype=np.float64)",
        "sums = np.abs(rows).sum(axis=0, dtype=np.float64)",
        (f"{BUNDLES}::test_a_bundle_is_the_signed_sum_of_its_links",),
    ),
    Break(
        "a signal is the weight times its input",
        "nnvis_widget/reduce/bundles.py",
        "                rows = rows * factors[start:end, None]\n",
        "                pass\n",
        (f"{BUNDLES}::test_factors_turn_weights_into_signals",),
    ),
    Break(
        "the links into a unit are its column",
        "nnvis_widget/stream/sections/selected.py",
        "links = kernel[:, unit]",
        "links = kernel[unit % len(kernel)]",
        ("tests/unit/test_snapshot_frame.py::test_the_selected_unit_brings_all_its_own_links",),
    ),
    Break(
        "a cell of a filter says its place",
        "nnvis_widget/reduce/kernel_sheet.py",
        "np.unravel_index(r, kernel.shape[:-3])), c, i, o)",
        "np.unravel_index(r, kernel.shape[:-3])), c, o, i)",
        ("tests/unit/test_sheets.py::test_every_weight_has_its_cell_and_the_cell_says_which",),
    ),
    Break(
        "gates are in Keras' order",
        "nnvis_widget/core/anatomy.py",
        '("input", "forget", "cell", "output")',
        '("input", "cell", "forget", "output")',
        ("tests/keras/test_roles.py::test_the_gates_are_in_the_order_in_which_keras_has_them",),
    ),
    Break(
        "a field has the largest y on top",
        "nnvis_widget/keras_adapter/probes/field.py",
        "y1 - (y1 - y0) * offsets",
        "y0 + (y1 - y0) * offsets",
        ("tests/keras/test_field_probe.py::test_fields_equal_predict_on_the_grid_within_the_quantisation",),
    ),
    Break(
        "a change has the newer weights first",
        "nnvis_widget/widgets/panels/parts/kernel_picture.py",
        "else now - before",
        "else before - now",
        ("tests/panels/test_weight_heatmap.py::test_the_change_since_a_step_is_the_difference",),
    ),
    Break(
        "a move is told for each step",
        "nnvis_widget/reduce/flow_of_gradients.py",
        "return moved / steps / size",
        "return moved / size",
        ("tests/panels/test_gradient_flow.py::test_the_move_is_the_distance_between_two_snapshots_for_each_step",),
    ),
    Break(
        "a sample that was not measured is not shown as one that was",
        "nnvis_widget/stream/shown.py",
        "if wished in samples:",
        "if wished is not None:",
        (
            "tests/unit/test_snapshot_frame.py"
            "::test_the_chosen_sample_is_shown_where_it_was_measured_and_else_the_first_that_was",
        ),
    ),
    Break(
        "looking back finds the nearest step",
        "nnvis_widget/run/run.py",
        "or (index > 0 and step - steps[index - 1] <= steps[index] - step)",
        "or index > 0",
        ("tests/unit/test_run.py::test_the_nearest_kept_snapshot_is_found_the_earlier_of_two",),
    ),
    Break(
        "a percent never claims to be certain",
        "nnvis_widget/core/number_text.py",
        "if 0.9994 < share < 1:",
        "if share is None:",
        ("tests/contract/test_descriptions.py::test_numbers_and_names_are_written_as_on_the_page",),
    ),
    Break(
        "moments of large tensors are those of the whole",
        "nnvis_widget/reduce/moments.py",
        "(deviations**2 * weights).sum() + ((means - mean) ** 2 * weights).sum()",
        "(deviations**2 * weights).sum()",
        ("tests/unit/test_moments.py::test_they_are_those_of_numpy",),
    ),
    Break(
        "a spike survives the thinning of its curve",
        "nnvis_widget/reduce/curves.py",
        "np.fmax.reduceat(inner, starts)",
        "inner[starts]",
        ("tests/unit/test_curves.py::test_a_single_spike_among_a_million_steps_survives",),
    ),
    Break(
        "the large numbers are those of whole epochs",
        "nnvis_widget/run/headline.py",
        "            found[name] = Headline(value, float(epoch), before, so_far)\n",
        "            found[name] = Headline(told.get(name, value), float(epoch), before, so_far)\n",
        ("tests/unit/test_clock.py::test_the_large_numbers_are_those_of_the_last_whole_epoch",),
    ),
    Break(
        "an epoch that has not ended is never told as whole",
        "nnvis_widget/core/clock.py",
        "        return min(at, floor(epoch) + NEARLY) if index == len(self.rows) - 1 else at\n",
        "        return at\n",
        (
            "tests/unit/test_clock.py::test_an_epoch_that_goes_on_beyond_what_was_expected_is_not_whole_before_it_has_ended",
        ),
    ),
    Break(
        "a changed batch size changes how fast epochs go by",
        "nnvis_widget/training/engine.py",
        "            self._loop.feed.batch_size = int(command.value)\n            self._change_pace()\n",
        "            self._loop.feed.batch_size = int(command.value)\n",
        ("tests/keras/test_whole_epochs.py::test_the_batch_size_changes_the_clock_from_where_it_changed",),
    ),
    Break(
        "at rest all of a picture is drawn",
        "js/src/draw/fineness.ts",
        "      this.#isAtRest = true;\n",
        "",
        (
            "js/tests/renderer.test.ts::"
            "drawings that take too long step down to simpler edges, and the line below says so",
        ),
    ),
)
