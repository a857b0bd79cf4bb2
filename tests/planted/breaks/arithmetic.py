"""The arithmetic of a unit is that of the model, and is compared with it."""

from __future__ import annotations

from ..planting import Break

ARITHMETIC = "tests/keras/test_arithmetic.py"
PROPERTIES = "tests/property/test_workings_properties.py"
ADAM = "test_adam_is_that_of_its_paper_with_epsilon_on_the_scale_of_the_corrected_moment"

ARITHMETICAL = (
    Break(
        "the moving average of Adam's squares has beta_2",
        "nnvis_widget/workings/optimizers.py",
        "squares + (g**2 - squares) * (1 - second)",
        "squares + (g**2 - squares) * (1 - first)",
        (f"{PROPERTIES}::{ADAM}",),
    ),
    Break(
        "the slope of a sigmoid is y (1 - y)",
        "nnvis_widget/workings/activations.py",
        "return value, value * (1 - value)",
        "return value, value * (1 + value)",
        (f"{PROPERTIES}::test_the_slope_of_an_activation_is_its_derivative",),
    ),
    Break(
        "delta behind a softmax is what came less what was to come",
        "nnvis_widget/workings/loss_slopes.py",
        "return shares * total(wanted) - wanted",
        "return shares - 2 * wanted",
        (f"{PROPERTIES}::test_delta_of_an_output_is_the_derivative_of_the_loss",),
    ),
    Break(
        "the loss of the batch is the sum of its outputs' losses times their weights",
        "nnvis_widget/keras_adapter/one_batch/heads.py",
        "None if shares[place] is None else float(shares[place]),",
        "None,",
        (f"{ARITHMETIC}::test_the_losses_of_several_outputs_times_their_weights_are_the_loss_of_the_batch",),
    ),
    Break(
        "padding `same` puts the odd zero last",
        "nnvis_widget/workings/layers/conv.py",
        "before = max((-(-length // step) - 1) * step + reach - length, 0) // 2",
        "before = (max((-(-length // step) - 1) * step + reach - length, 0) + 1) // 2",
        (f"{ARITHMETIC}::test_a_layer_computes_what_its_terms_say",),
    ),
    Break(
        "the arithmetic moves nothing of the optimiser",
        "nnvis_widget/keras_adapter/one_batch/facts_of_step.py",
        "twin = type(optimizer).from_config(optimizer.get_config())",
        "twin = optimizer",
        (f"{ARITHMETIC}::test_an_optimiser_that_was_never_used_stays_as_it_is",),
    ),
    Break(
        "a loss is told where no weight lies before a unit",
        "nnvis_widget/keras_adapter/one_batch/slopes.py",
        "*frozen, *inputs):",
        "*frozen):",
        (f"{ARITHMETIC}::test_what_is_not_written_out_says_so_and_has_what_autodiff_tells",),
    ),
)
