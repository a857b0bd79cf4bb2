import numpy as np

from nnvis_widget.run.hyperparameter_log import HyperparameterLog
from nnvis_widget.run.run import Run


def log_of(*notes):
    log = HyperparameterLog()
    for step, value in notes:
        log.note(step, {"learning_rate": value})
    return {name: rows.tolist() for name, rows in log.changes().items()}


def test_the_first_value_is_no_change_and_an_equal_one_neither():
    assert log_of((0, 0.03), (10, 0.03)) == {}


def test_a_change_has_its_step_the_value_before_and_the_value_since():
    assert log_of((0, 0.03), (420, 0.3), (500, 0.3), (600, 0.1)) == {
        "learning_rate": [[420, 0.03, 0.3], [600, 0.3, 0.1]]
    }


def test_a_slider_dragged_between_two_steps_is_one_change_or_none():
    assert log_of((0, 1.0), (5, 2.0), (5, 3.0)) == {"learning_rate": [[5, 1, 3]]}
    assert log_of((0, 1.0), (5, 2.0), (5, 1.0)) == {}


def test_a_rate_that_is_nan_changes_once():
    changes = log_of((0, 1.0), (1, float("nan")), (2, float("nan")))
    assert len(changes["learning_rate"]) == 1


def test_names_are_apart_and_may_come_later():
    log = HyperparameterLog()
    log.note(0, {"learning_rate": 0.1})
    assert log.differs({"batch_size": 16.0})
    log.note(3, {"learning_rate": 0.1, "batch_size": 16.0})
    log.note(7, {"learning_rate": 0.2, "batch_size": 8.0})
    assert not log.differs({"batch_size": 8.0})
    changes = log.changes()
    np.testing.assert_array_equal(changes["learning_rate"], [[7, 0.1, 0.2]])
    np.testing.assert_array_equal(changes["batch_size"], [[7, 16, 8]])


def test_a_run_that_is_cleared_forgets_its_changes():
    run = Run()
    run.record_hyperparameters(0, {"learning_rate": 0.1})
    run.record_hyperparameters(5, {"learning_rate": 0.2})
    assert list(run.hyperparameter_changes) == ["learning_rate"]
    run.clear()
    assert run.hyperparameter_changes == {}
    assert run.is_changed({"learning_rate": 0.2})
