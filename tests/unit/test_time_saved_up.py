"""How much time may be spent beside something else."""

from nnvis_widget.control.allowance import Allowance


def test_the_time_between_two_trainings_does_not_count():
    allowance = Allowance(0.1, 1.0)
    assert allowance.is_there(0.0)
    allowance.spend(1.5)
    assert not allowance.is_there(1.0)
    allowance.pause()
    assert not allowance.is_there(1_000.0)
    assert not allowance.is_there(1_003.0)
    assert allowance.is_there(1_006.0)


def test_what_had_to_be_spent_at_once_is_paid_back_by_half_of_what_is_earned():
    allowance = Allowance(0.1, 1.0)
    assert allowance.is_there(0.0)
    allowance.owe(0.4)
    allowance.spend(1.5)
    assert not allowance.is_there(8.0)  # 0.8 earned, of which 0.4 pays back
    assert allowance.is_there(10.0)
