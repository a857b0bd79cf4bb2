"""A training of ours is that of fit, and what a person asks of it is done."""

from __future__ import annotations

from ..planting import Break

CALLBACKS = "tests/keras/test_callbacks.py"
SCHEDULES = "tests/keras/test_schedules.py"
LOOP = "nnvis_widget/keras_adapter/train_loop.py"

AS_FIT = (
    Break(
        "reset brings back random states too",
        "nnvis_widget/keras_adapter/state.py",
        "for variable in [*model.variables, *kept_within(model), *own]}",
        "for variable in [*model.weights, *kept_within(model), *own]}",
        ("tests/keras/test_reset.py::test_reset_returns_weights_optimiser_and_random_state_bit_for_bit",),
    ),
    Break(
        "reset brings back every optimiser",
        "nnvis_widget/keras_adapter/state.py",
        "new = [variable for variable in optimizer.variables if id(variable) not in known]",
        "new = [variable for variable in optimizer.variables if id(variable) in ()]",
        (
            "tests/keras/test_optimizers.py"
            "::test_reset_brings_back_every_optimiser_so_that_the_training_is_the_same_again",
        ),
    ),
    Break(
        "a schedule of the rate is not overwritten",
        "nnvis_widget/keras_adapter/steering.py",
        '    if is_scheduled and name == "learning_rate":\n',
        "    if is_scheduled is None:\n",
        ("tests/keras/test_hyperparameters.py::test_a_schedule_is_not_overridden",),
    ),
    Break(
        "a step is compiled anew for a scaled schedule",
        "nnvis_widget/keras_adapter/train_loop.py",
        "(self.model.optimizer, schedule_scale(self.model))",
        "(self.model.optimizer, None)",
        (f"{SCHEDULES}::test_from_the_next_step_on_it_trains_as_one_compiled_so",),
    ),
    Break(
        "a fit compiles its step anew for a scaled schedule",
        "nnvis_widget/keras_adapter/steering.py",
        "    model.make_train_function(force=True)\n",
        "",
        (f"{SCHEDULES}::test_during_a_fit_the_next_batch_follows_the_scaled_schedule",),
    ),
    Break(
        "a scaled schedule is compared with what is wanted",
        "nnvis_widget/keras_adapter/schedule.py",
        "    if not is_right:",
        "    if False:",
        (f"{SCHEDULES}::test_what_cannot_be_scaled_is_refused_in_words_and_trains_on",),
    ),
    Break(
        "a rate is looked for within a wrapped optimiser",
        "nnvis_widget/keras_adapter/steering.py",
        "        optimizer = inner\n    return optimizer",
        "        return optimizer\n    return optimizer",
        ("tests/keras/test_optimizers.py::test_the_rate_of_a_wrapped_optimiser_is_shown_and_set",),
    ),
    Break(
        "callbacks hear of batches as in fit",
        "nnvis_widget/keras_adapter/train_loop.py",
        "        self._callback_list.on_train_batch_end(batch - 1, logs.told)\n",
        "",
        (f"{CALLBACKS}::test_hooks_come_in_the_order_of_fit",),
    ),
    Break(
        "callbacks hear of epochs as in fit",
        "nnvis_widget/keras_adapter/train_loop.py",
        "        self._callback_list.on_epoch_end(epoch, self._told)\n",
        "",
        (f"{CALLBACKS}::test_hooks_come_in_the_order_of_fit",),
    ),
    Break(
        "a callback that stops the training is heard",
        "nnvis_widget/keras_adapter/train_loop.py",
        'getattr(self.model, "stop_training", False))',
        "False)",
        (f"{CALLBACKS}::test_early_stopping_ends_at_the_epoch_it_ends_in_fit",),
    ),
    Break(
        "an optimiser puts its final values in place",
        "nnvis_widget/keras_adapter/train_loop.py",
        "            self.model.optimizer.finalize_variable_values(self.model.trainable_variables)\n",
        "            pass\n",
        (f"{CALLBACKS}::test_a_moving_average_of_the_weights_is_put_in_place_at_the_end_as_in_fit",),
    ),
    Break(
        "metrics of an epoch begin with the epoch",
        "nnvis_widget/keras_adapter/loops/array_blocks.py",
        "        self.feed.start_epoch(epoch)\n        self._model.reset_metrics()\n",
        "        self.feed.start_epoch(epoch)\n",
        ("tests/keras/test_bit_equality.py::test_a_metric_that_is_no_mean_is_that_of_the_epoch_as_in_fit",),
    ),
    Break(
        "metrics of the training are not those of the validation",
        "nnvis_widget/keras_adapter/loops/evaluation.py",
        "        self._model.reset_metrics()\n        self._data.start_epoch(0)\n",
        "        self._data.start_epoch(0)\n",
        (f"{CALLBACKS}::test_history_is_that_of_fit[arrays]",),
    ),
    Break(
        "each epoch has an order of its own",
        "nnvis_widget/keras_adapter/loops/feed.py",
        "np.random.default_rng([self.seed, epoch])",
        "np.random.default_rng([self.seed, 0])",
        ("tests/keras/test_bit_equality.py::test_each_epoch_has_an_order_of_its_own_with_every_sample_in_it",),
    ),
    Break(
        "weights of samples reach the loss",
        "nnvis_widget/keras_adapter/loops/array_blocks.py",
        "return keras.utils.pack_x_y_sample_weight(x, y, sample_weight)",
        "return keras.utils.pack_x_y_sample_weight(x, y)",
        ("tests/keras/test_bit_equality.py::test_sample_weights_in_the_data_and_as_an_argument_are_bit_equal",),
    ),
    Break(
        "a PyDataset hears of the end of an epoch",
        "nnvis_widget/keras_adapter/loops/feed.py",
        "            self.batches.on_epoch_end()\n",
        "            pass\n",
        ("tests/keras/test_streams.py::test_a_py_dataset_hears_of_epochs_and_gives_its_batches_as_in_fit",),
    ),
    Break(
        "Stop ends a plain fit",
        "nnvis_widget/sources/callback.py",
        "            self.model.stop_training = True\n",
        "            pass\n",
        ("tests/keras/test_live_callback.py::test_stop_ends_the_fit",),
    ),
    Break(
        "history has every epoch",
        LOOP,
        "[*self._callbacks, self.history],",
        "[*self._callbacks],",
        (f"{CALLBACKS}::test_history_is_that_of_fit[arrays]",),
    ),
    Break(
        "a model compiled again trains with its new optimiser",
        LOOP,
        "if self._loop is None or self._held != held:",
        "if self._loop is None:",
        ("tests/keras/test_states.py::test_a_model_compiled_again_while_paused_trains_with_its_new_optimiser",),
    ),
    Break(
        "no step is taken after pause returns",
        "nnvis_widget/training/trainer.py",
        "        self._settle(Pause())\n",
        "        self._core.post(Pause())\n",
        ("tests/keras/test_states.py::test_no_step_is_taken_after_pause_returns",),
    ),
    Break(
        "an interrupt of wait() pauses",
        "nnvis_widget/training/trainer.py",
        "        except KeyboardInterrupt:\n            self.pause()\n",
        "        except KeyboardInterrupt:\n",
        ("tests/keras/test_states.py::test_an_interrupt_of_wait_pauses_and_is_raised_again",),
    ),
    Break(
        "exactly so many steps are taken as were asked for",
        "nnvis_widget/training/engine.py",
        "limit = min(limit, self._steps_left)",
        "limit = max(limit, self._steps_left + 1)",
        ("tests/keras/test_states.py::test_run_steps_takes_exactly_so_many",),
    ),
    Break(
        "even an exit in a callback leaves a trainer that works",
        "nnvis_widget/training/engine.py",
        "                self._go_on()\n        except BaseException as error:",
        "                self._go_on()\n        except Exception as error:",
        ("tests/keras/test_failures.py::test_even_an_exit_from_a_callback_leaves_a_trainer_that_can_be_used",),
    ),
    Break(
        "of two that start at once one is refused",
        "nnvis_widget/training/trainer.py",
        "            self._core.post(command, lambda pending: self._expect_rest(at_rest_for, pending))\n",
        "            self._expect_rest(at_rest_for, [])\n            self._core.post(command)\n",
        ("tests/keras/test_commands.py::test_of_two_threads_that_start_a_training_at_once_one_is_refused",),
    ),
    Break(
        "a metric that is a vector is a curve for each number",
        "nnvis_widget/keras_adapter/loops/step_logs.py",
        "flat |= {_place(said, index): value[index] for index in range(length)}",
        "flat[said] = value[0]",
        ("tests/keras/test_logs.py::test_a_vector_is_a_curve_for_each_number_and_what_is_none_is_named[trainer]",),
    ),
    Break(
        "sizes that are not known are not compared",
        "nnvis_widget/keras_adapter/check_data.py",
        "None in (want, got) or want == got",
        "want == got",
        ("tests/keras/test_as_fit.py::test_sizes_that_are_not_known_are_not_compared_as_if_they_were",),
    ),
    Break(
        "a stream has samples after its first batch",
        "nnvis_widget/training/trainer.py",
        "            self._feed.on_first_batch = self._look_at_first_batch\n",
        "            pass\n",
        ("tests/keras/test_streams.py::test_a_trainer_has_the_first_batch_for_samples_once_it_was_trained_on",),
    ),
    Break(
        "another model in a view keeps the samples",
        "nnvis_widget/widgets/network_view.py",
        "else as_source_with_data_of(self.source, value)",
        "else as_source(value)",
        ("tests/keras/test_streams.py::test_another_model_in_the_same_view_is_looked_at_with_the_same_samples",),
    ),
    Break(
        "what is asked in an epoch's last batch is older than what its end makes of the rate",
        "nnvis_widget/sources/callback.py",
        "        self._obey()  # before callbacks",
        "        pass  # before callbacks",
        (
            "tests/keras/test_live_callback.py"
            "::test_a_rate_asked_for_in_the_last_batch_is_older_than_what_the_epochs_end_makes_of_it",
        ),
    ),
    Break(
        "a callback of ours can be copied",
        "nnvis_widget/sources/callback.py",
        "def __deepcopy__(self, memo: object)",
        "def copied(self, memo: object)",
        ("tests/keras/test_own_loop.py::test_a_copied_callback_is_one_of_the_same_view",),
    ),
    Break(
        "a fit that ends with an error no longer counts as running",
        "nnvis_widget/control/call_end.py",
        "            self._frame = None\n            self._act()\n",
        "            self._frame = None\n",
        ("tests/keras/test_live_callback.py::test_a_fit_that_ends_with_an_error_no_longer_counts_as_running",),
    ),
    Break(
        "a dashboard opens for every model",
        "nnvis_widget/dashboard/dashboard.py",
        "            except (ModelError, DataError) as error:\n                reasons",
        "            except DataError as error:\n                reasons",
        ("tests/dashboard/test_dashboard.py::test_a_dashboard_opens_for_every_model_and_says_which_panel_stays_away",),
    ),
)
