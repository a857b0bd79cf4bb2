"""What is measured is what the model does, and never older than the model."""

from __future__ import annotations

from ..planting import Break

FORWARD = "nnvis_widget/keras_adapter/forward.py"
ONE_WAY = "tests/keras/test_one_way_in.py"
NEVER_OLDER = "tests/keras/test_never_older.py"
INFERENCE = "tests/keras/test_activation_probe.py::test_layers_that_are_random_by_default_are_seen_in_inference_mode"

MEASURED = (
    Break(
        "nobody knows what is right of a drawing",
        "nnvis_widget/core/scenery.py",
        "if self.targets is None or not self.sample_count or is_drawn(index):",
        "if self.targets is None or not self.sample_count:",
        ("tests/keras/test_drawn_samples.py::test_it_goes_through_the_model_scaled_as_the_data_are",),
    ),
    Break(
        "ink and paper are those of the data",
        "nnvis_widget/widgets/digit_pad.py",
        "return (low, high) if np.median(read) <= (low + high) / 2 else (high, low)",
        "return 0.0, 1.0",
        ("tests/keras/test_drawn_samples.py::test_it_goes_through_the_model_scaled_as_the_data_are",),
    ),
    Break(
        "features of the lessons do not blank the past",
        "nnvis_widget/keras_adapter/own_code.py",
        '"numpy", "nnvis_widget")',
        '"numpy")',
        ("tests/keras/test_the_past.py::test_a_network_with_features_is_looked_back_at_as_well",),
    ),
    Break(
        "a chain of layers is run in inference mode",
        FORWARD,
        "values = _built(layer)(source, training=False)",
        "values = _built(layer)(source)",
        (f"{INFERENCE}[chain]",),
    ),
    Break(
        "a graph of layers is run in inference mode",
        FORWARD,
        "inner(list(inputs), training=False).items()",
        "inner(list(inputs)).items()",
        (f"{INFERENCE}[graph]",),
    ),
    Break(
        "a model as a whole is run in inference mode",
        FORWARD,
        "partial(self.model, training=False)",
        "partial(self.model)",
        (f"{INFERENCE}[whole]",),
    ),
    Break(
        "a model of layers with a call of its own is not read as its layers",
        "nnvis_widget/keras_adapter/read/read_graph.py",
        "if has_own_call(model):",
        "if False:",
        ("tests/keras/test_own_call.py::test_the_output_is_that_of_the_model",),
    ),
    Break(
        "a sample counts in the gradient as much as in the loss",
        "nnvis_widget/keras_adapter/probes/gradients.py",
        "            batch.append(weights[:count])\n",
        "            pass\n",
        ("tests/keras/test_gradient_probe.py::test_a_sample_counts_as_much_as_in_the_loss[an argument]",),
    ),
    Break(
        "gradients are those of inference mode",
        FORWARD,
        "values = _built(layer)(values, training=False)",
        "values = _built(layer)(values, training=True)",
        ("tests/keras/test_gradient_probe.py::test_gradients_are_those_of_inference_mode",),
    ),
    Break(
        "a gradient has its sign",
        "nnvis_widget/keras_adapter/probes/gradients.py",
        "gradient = value.numpy()",
        "gradient = -value.numpy()",
        ("tests/keras/test_gradient_probe.py::test_gradients_equal_finite_differences_of_the_compiled_loss",),
    ),
    Break(
        "a gradient is that of what regularisers add too",
        "nnvis_widget/keras_adapter/probes/gradients.py",
        "keras.StatelessScope(own, collect_losses=True)",
        "keras.StatelessScope(own)",
        ("tests/keras/test_gradient_probe.py::test_gradients_equal_finite_differences_of_the_compiled_loss",),
    ),
    Break(
        "the probe batch is the first samples",
        "nnvis_widget/keras_adapter/probes/gradients.py",
        "batch = [*(array[:count] for array in forward.scenery.inputs), targets[:count]]",
        "batch = [*(array[-count:] for array in forward.scenery.inputs), targets[-count:]]",
        ("tests/keras/test_gradient_probe.py::test_the_probe_batch_is_the_first_samples",),
    ),
    Break(
        "z has its bias",
        FORWARD,
        "return z if bias is None else keras.ops.add(z, bias)",
        "return z",
        ("tests/keras/test_activation_probe.py::test_dense_nets_equal_a_forward_pass_in_numpy",),
    ),
    Break(
        "inputs go to their own input, by name",
        "nnvis_widget/keras_adapter/samples.py",
        "return [x[name] for name in names]",
        "return list(keras.tree.flatten(x))",
        (f"{ONE_WAY}::test_the_output_of_a_dict_is_that_of_predict",),
    ),
    Break(
        "numbers are cast and shaped as in predict",
        FORWARD,
        "standardize(self.pack(inputs), training=False)",
        "self.pack(inputs)",
        (f"{ONE_WAY}::test_numbers_are_cast_and_shaped_as_in_predict",),
    ),
    Break(
        "each sample has its own row",
        "nnvis_widget/keras_adapter/probes/activations.py",
        "sample=sample)] = np.array(values[row], np.float32)",
        "sample=sample)] = np.array(values[0], np.float32)",
        ("tests/keras/test_activation_probe.py::test_dense_nets_equal_a_forward_pass_in_numpy",),
    ),
    Break(
        "arithmetic is claimed only where the numbers confirm it",
        "nnvis_widget/keras_adapter/observer.py",
        "told = confirmed(self._forward) if self.graph.is_built else self.graph",
        "told = self.graph",
        ("tests/keras/test_confirm.py::test_what_the_numbers_do_not_confirm_is_told_by_its_output_alone[patched]",),
    ),
    Break(
        "a subclass with a call of its own is no dense layer",
        "nnvis_widget/keras_adapter/read/roles.py",
        "is_kept = own.call is known.call and not",
        "is_kept = not",
        ("tests/keras/test_roles.py::test_a_role_holds_for_subclasses_that_leave_call_alone_and_may_be_changed",),
    ),
    Break(
        "weights that change at rest are noticed",
        "nnvis_widget/keras_adapter/fingerprint.py",
        "return crc32(raw[whole:].tobytes(), crc32(blocks.sum(axis=1).tobytes()))",
        "return crc32(b'')",
        (f"{NEVER_OLDER}::test_what_is_handed_out_without_a_page_is_not_older_than_the_model",),
    ),
    Break(
        "another structure is noticed",
        "nnvis_widget/keras_adapter/fingerprint.py",
        "return len(self.parts) == len(other.parts) and all(starmap(is_, zip(self.parts, other.parts, strict=True)))",
        "return True",
        (f"{NEVER_OLDER}::test_another_structure_is_on_the_page_with_a_new_generation[compile_anew]",),
    ),
    Break(
        "another structure has a new generation",
        "nnvis_widget/keras_adapter/observer.py",
        "        self.generation += 1\n",
        "        self.generation = 1\n",
        (f"{NEVER_OLDER}::test_another_structure_is_on_the_page_with_a_new_generation[pop]",),
    ),
    Break(
        "all of a snapshot is of one model",
        "nnvis_widget/keras_adapter/observer.py",
        "if before is not None and before == self._weigh():",
        "if before is not None:",
        (f"{NEVER_OLDER}::test_weights_set_by_hand_never_give_a_snapshot_of_two_models[model]",),
    ),
    Break(
        "look() sees what no weight tells",
        "nnvis_widget/control/source_core.py",
        "        if look.is_anew:\n            self._renew()\n",
        "",
        (f"{NEVER_OLDER}::test_a_look_that_is_asked_for_sees_what_no_weight_tells",),
    ),
    Break(
        "a page at rest is looked after",
        "nnvis_widget/control/vigil.py",
        "        if is_changed:\n            self._call(self._see_to_it)",
        "        if is_changed:\n            self._call(self._has_reason)",
        (f"{NEVER_OLDER}::test_weights_that_changed_at_rest_are_on_the_page[take_a_step]",),
    ),
)
