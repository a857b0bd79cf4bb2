"""A training is the same watched and not, and costs no more than its share."""

from __future__ import annotations

from ..planting import Break

TRACE = "tests/keras/test_no_trace.py::test_a_watched_training_leaves_what_an_unwatched_one_leaves"

NO_TRACE = (
    Break(
        "a look writes no variable of Keras",
        "nnvis_widget/keras_adapter/stateless.py",
        "with keras.StatelessScope(list(weights)), in_inference(model, modules), called_from_python():",
        "with in_inference(model, modules), called_from_python():",
        ("tests/keras/test_forward.py::test_looking_moves_no_variable_that_a_training_uses[counting]",),
    ),
    Break(
        "Python's random numbers are put back",
        "nnvis_widget/keras_adapter/putting_back.py",
        "        restore.append(partial(random.setstate, random.getstate()))\n",
        "        pass\n",
        (f"{TRACE}[numbers of Python and numpy-after_fit]",),
    ),
    Break(
        "numpy's random numbers are put back",
        "nnvis_widget/keras_adapter/putting_back.py",
        "        restore.append(partial(np.random.set_state, np.random.get_state()))\n",
        "        pass\n",
        (f"{TRACE}[numbers of Python and numpy-after_fit]",),
    ),
    Break(
        "a generator that a layer holds is put back",
        "nnvis_widget/keras_adapter/putting_back.py",
        'return partial(setattr, value.bit_generator, "state", value.bit_generator.state)',
        "return lambda: None",
        (f"{TRACE}[numbers of Python and numpy-after_fit]",),
    ),
    Break(
        "Keras' own random numbers are put back",
        "nnvis_widget/keras_adapter/stateless.py",
        'return on_a_thread(call, arrays) if "keras" in code.draws else call(arrays)',
        "return call(arrays)",
        (
            "tests/keras/test_forward.py::test_looking_moves_no_variable_that_a_training_uses[noisy]",
            f"{TRACE}[unseeded numbers-after_fit]",
        ),
    ),
    Break(
        "code that tells of each run is compiled before it is run",
        "nnvis_widget/keras_adapter/own_code.py",
        'is_quiet = is_closed and not sets and "print" not in uses',
        "is_quiet = is_closed and not sets",
        ("tests/keras/test_looks_at_rest.py::test_a_layer_that_prints_does_so_no_more_often_the_longer_one_looks",),
    ),
    Break(
        "attributes that a layer sets are put back",
        "nnvis_widget/keras_adapter/putting_back.py",
        "        restore.append(partial(_set_back, attributes, own.sets, dict(attributes)))\n",
        "",
        (f"{TRACE}[attributes of Python-after_fit]",),
    ),
    Break(
        "what a layer's lists and dicts hold is put back",
        "nnvis_widget/keras_adapter/putting_back.py",
        "restore += [_restorer(value) for name, value in attributes_of(own.part).items() if name in own.uses]",
        "pass",
        (f"{TRACE}[attributes of Python-after_fit]",),
    ),
    Break(
        "variables that Keras does not know are put back",
        "nnvis_widget/keras_adapter/stateless.py",
        "            variable.assign(value)\n        return outputs",
        "            pass\n        return outputs",
        (f"{TRACE}[OwnVariable-after_fit]",),
    ),
    Break(
        "a model is built for its data without a trace",
        "nnvis_widget/keras_adapter/check_data.py",
        "            with keras.StatelessScope():\n                model(rows_of",
        "            if True:\n                model(rows_of",
        ("tests/keras/test_bit_equality.py::test_building_a_model_for_its_data_moves_nothing_in_it",),
    ),
    Break(
        "a probe that fails ends no training",
        "nnvis_widget/keras_adapter/attempts.py",
        "        except Exception as error:\n            if self._is_changing():",
        "        except UnicodeError as error:\n            if self._is_changing():",
        (
            "tests/keras/test_own_faults.py::test_the_training_goes_on_bit_equal_and_it_is_told_once[soundness-by_trainer]",
        ),
    ),
    Break(
        "an error in the watching ends no fit",
        "nnvis_widget/sources/callback.py",
        "        except Exception as error:\n            self._is_detached = True",
        "        except UnicodeError as error:\n            self._is_detached = True",
        ("tests/keras/test_live_callback.py::test_an_error_in_the_watching_warns_once_and_fit_ends_normally",),
    ),
    Break(
        "a command that fails ends nothing",
        "nnvis_widget/control/source_core.py",
        "        except Exception as error:\n            reason",
        "        except UnicodeError as error:\n            reason",
        (
            "tests/unit/test_source_core.py"
            "::test_a_command_that_fails_is_told_and_neither_the_state_nor_the_next_command_suffers",
        ),
    ),
    Break(
        "measuring keeps to its share of the time",
        "nnvis_widget/control/cadence.py",
        "max(1.0 / self.rate_hz, min(cost_s, self._last_cost_s) / self.share)",
        "1.0 / self.rate_hz",
        ("tests/unit/test_control.py::test_measuring_keeps_within_its_share",),
    ),
    Break(
        "nobody looks after a model that no page shows",
        "nnvis_widget/control/source_core.py",
        "return self._is_stale is not None and not self.is_training and self._watches.is_seen",
        "return self._is_stale is not None and not self.is_training",
        ("tests/keras/test_never_older.py::test_nobody_looks_after_a_model_that_no_page_shows",),
    ),
    Break(
        "what nobody watches is not measured",
        "nnvis_widget/control/watch_list.py",
        "        self._by_view.pop(view, None)\n",
        "        self._by_view.get(view, None)\n",
        (
            "tests/unit/test_control.py::test_the_watch_list_is_the_union_of_its_views",
            "tests/keras/test_gradient_probe.py"
            "::test_gradients_appear_in_the_run_once_somebody_watches_them_and_no_longer_after",
        ),
    ),
)
