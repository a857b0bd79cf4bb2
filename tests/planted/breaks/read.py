"""What is read of a model is what it is, and reading it changes nothing."""

from __future__ import annotations

from ..planting import Break

STRUCTURE = "nnvis_widget/core/structure.py"
WATCH = "nnvis_widget/keras_adapter/read/watch_calls.py"
TRACING = "nnvis_widget/keras_adapter/tracing.py"

READ = (
    Break(
        "a function between two layers is told",
        "nnvis_widget/keras_adapter/read/watch_calls.py",
        "            inside.made[id(tensor)] = ANY_FUNCTION\n",
        "            pass\n",
        ("tests/keras/test_tracing.py::test_a_function_between_two_layers_is_told[of keras]",),
    ),
    Break(
        "what comes into a group goes to the layer that takes that input",
        STRUCTURE,
        "is_it = outer.target == level and _fit(outer.input, link.output)",
        "is_it = outer.target == level",
        ("tests/keras/test_structure.py::test_an_opened_model_with_two_inputs_takes_each_where_it_belongs",),
    ),
    Break(
        "a shared layer has a link for each use",
        "nnvis_widget/keras_adapter/read/functional.py",
        "calls, starts, ends = _all_calls(model, operations, calls)",
        "pass",
        ("tests/keras/test_structure.py::test_a_shared_layer_has_a_link_for_each_use",),
    ),
    Break(
        "paths are the same when the code has run again",
        "nnvis_widget/core/paths.py",
        "own = given[1] if given else _shortened(name)",
        "own = _shortened(name)",
        (
            "tests/keras/test_structure.py::"
            "test_ids_and_paths_are_the_same_in_each_reading_and_when_the_code_has_run_again[dense]",
        ),
    ),
    Break(
        "a trace leaves the states of a model as they were",
        TRACING,
        "with put_back(read_own_code(model)):",
        "if True:",
        ("tests/keras/test_tracing.py::test_reading_leaves_no_trace[attributes of Python]",),
    ),
    Break(
        "a trace writes into a scope that is thrown away",
        TRACING,
        "with keras.StatelessScope(), in_inference(",
        "with in_inference(",
        ("tests/keras/test_tracing.py::test_reading_leaves_no_trace[a layer that counts its calls]",),
    ),
    Break(
        "a trace is in inference mode",
        TRACING,
        "model(given, training=False)",
        "model(given, training=True)",
        ("tests/keras/test_tracing.py::test_a_loop_is_counted_and_a_branch_that_is_not_taken_says_so",),
    ),
    Break(
        "no layer is built by being looked at",
        WATCH,
        "if not layer.built:",
        "if False:",
        ("tests/keras/test_tracing.py::test_a_layer_that_the_call_would_build_is_not_built",),
    ),
    Break(
        "random numbers that cannot be put back are not drawn",
        WATCH,
        "if frame.f_code in self._refused:",
        "if False:",
        ("tests/keras/test_tracing.py::test_numbers_that_cannot_be_put_back_are_not_drawn[True]",),
    ),
    Break(
        "layers of other sizes are not said to be alike",
        "nnvis_widget/core/grouping.py",
        "shapes = tuple((one.shape, one.dtype) for one in card.parameters)",
        "shapes = ()",
        ("tests/keras/test_grouping.py::test_layers_of_one_kind_but_other_weights_are_not_alike[False]",),
    ),
    Break(
        "a file is not unpacked beyond its limit",
        "nnvis_widget/keras_adapter/read/keras_file.py",
        "raw = file.read(MOST_BYTES + 1)",
        "raw = file.read()",
        ("tests/keras/test_keras_file.py::test_a_file_that_is_huge_once_unpacked_is_refused_before_it_is_unpacked",),
    ),
)
