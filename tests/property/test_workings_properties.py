"""The arithmetic without Keras: for drawn numbers, what is written is what was computed."""

from math import isclose

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnvis_widget.workings import value as v
from nnvis_widget.workings.activations import ELEMENTWISE, OF_ALL, activate, pull_back
from nnvis_widget.workings.add_up import SUM_DECIMALS, shorten, write_sum
from nnvis_widget.workings.as_code import as_code
from nnvis_widget.workings.as_latex import as_latex
from nnvis_widget.workings.as_page import as_html, as_text
from nnvis_widget.workings.backward import Edges, delta_card, gradient_card
from nnvis_widget.workings.card import Draft, Sum, Term
from nnvis_widget.workings.loss_slopes import SLOPES, output_delta_card
from nnvis_widget.workings.losses import RULES as LOSSES
from nnvis_widget.workings.losses import LossFacts, loss_card
from nnvis_widget.workings.optimizers import RULES as OPTIMIZERS
from nnvis_widget.workings.optimizers import StepFacts, update_card
from nnvis_widget.workings.value import Value
from tests.limits import size

FEW = settings(max_examples=size(25, 1_000))
numbers = st.floats(-4, 4, allow_subnormal=False).map(lambda one: round(one, 3))
lists = arrays(np.float64, st.integers(1, 20), elements=numbers)

ONES = [v.exp, v.tanh, v.sign, v.magnitude, v.normal_cdf, lambda x: -x, lambda x: x**2, lambda x: 2 / (x * x + 1)]
TWOS = [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / (b**2 + 1), v.maximum, v.minimum]
TWOS += [lambda a, b: v.where(v.less(a, b), a - 1, -b), lambda a, b: a - (b - a), lambda a, b: a / b / (a * a + 1)]


@FEW
@given(arrays(np.float64, 3, elements=numbers), arrays(np.float64, 3, elements=numbers), st.data())
def test_the_code_of_any_formula_gives_its_number(a, b, data):
    made = [Value(a, "a", "a"), Value(b, "b", "b")]
    for _ in range(6):
        if data.draw(st.booleans()):
            made.append(data.draw(st.sampled_from(ONES))(data.draw(st.sampled_from(made))))
        else:
            made.append(data.draw(st.sampled_from(TWOS))(*(data.draw(st.sampled_from(made)) for _ in range(2))))
    import math

    with np.errstate(all="ignore"):
        for one in made:
            told = eval(one.python, {"np": np, "math": math, "a": a, "b": b})
            np.testing.assert_array_equal(told, one.number, one.python)


@FEW
@given(st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), max_size=40), st.floats(-9, 9).map(lambda e: 10**e))
def test_written_terms_add_up_to_the_written_total(parts, scale):
    values = [part * scale for part in parts]
    texts, total = write_sum(values, sum(values))
    written = [float(text.replace("\u2212", "-")) for text in (*texts, total)]
    unit = 10.0 ** (int(total.partition("e")[2] or 0) - SUM_DECIMALS) if "e" in total else None
    if unit is None:
        exponents = {int(text.partition("e")[2]) for text in texts if "e" in text}
        unit = 10.0 ** (max(exponents, default=0) - SUM_DECIMALS)
    assert abs(sum(written[:-1]) - written[-1]) <= 1.01 * unit + 1e-9 * abs(written[-1])


@FEW
@given(st.lists(numbers, min_size=1, max_size=60))
def test_a_long_sum_keeps_its_six_largest_and_counts_the_rest(values):
    terms = tuple(Term(f"unit {place}", value) for place, value in enumerate(values))
    written = shorten(Sum("z", terms, float(sum(values))))
    named = [row for row in written.rows if row.term is not None]
    if len(values) <= 12:
        assert len(named) == len(values)
        return
    assert len(named) <= 6
    least = min((abs(row.value) for row in named), default=0)
    assert all(abs(term.value) <= least for term in terms if term not in [row.term for row in named])
    assert isclose(sum(row.value for row in written.rows), sum(values), abs_tol=1e-9)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_slope_of_an_activation_is_its_derivative(name):
    z = np.linspace(-4, 4, 161)

    def f(at):
        return ELEMENTWISE[name](Value(at, "z", "z"), {})[0].number

    slope = ELEMENTWISE[name](Value(z, "z", "z"), {})[1].number
    sides = np.array([(f(z + h) - f(z)) / h for h in (1e-6, -1e-6)])
    assert (sides.min(0) - 1e-4 <= slope).all()
    assert (slope <= sides.max(0) + 1e-4).all()


@FEW
@given(st.sampled_from(OF_ALL), arrays(np.float64, 4, elements=numbers), arrays(np.float64, 4, elements=numbers))
def test_what_flows_back_through_all_units_is_the_derivative(name, z, slopes):
    def f(at):
        return np.array([float(activate(Draft("x"), name, Value(at, "z", "z"), unit).number) for unit in range(4)])

    back = pull_back(name, z, f(z), slopes)
    for place in range(4):
        step = np.eye(4)[place] * 1e-6
        sides = [((f(z + side) - f(z)) @ slopes) * sign * 1e6 for side, sign in ((step, 1), (-step, -1))]
        assert min(sides) - 1e-4 <= back[place] <= max(sides) + 1e-4


def facts_of_loss(name, outputs, data, logits=None):
    count = len(outputs)
    shares = np.abs(outputs) / 9 + 0.1
    kinds = {"poisson": shares, "mean_squared_logarithmic_error": shares, "binary_crossentropy": shares}
    put_out = shares if "cross" in name or name == "kl_divergence" else kinds.get(name, outputs)
    target = (
        np.eye(count)[data.draw(st.integers(0, count - 1))] if "hinge" in name or "cross" in name else shares * 1.37
    )
    if name.startswith("sparse"):
        target = np.asarray(data.draw(st.integers(0, count - 1)))
    return LossFacts(
        name, put_out, target, logits, {"label_smoothing": 0.1} if "cross" in name and name[:6] != "sparse" else {}
    )


@pytest.mark.parametrize("name", SLOPES)
@settings(max_examples=size(5, 200))
@given(arrays(np.float64, 3, elements=numbers), st.booleans(), st.data())
def test_delta_of_an_output_is_the_derivative_of_the_loss(name, outputs, is_of_logits, data):
    of_logits = is_of_logits and "cross" in name
    facts = facts_of_loss(name, outputs, data, outputs if of_logits else None)
    card = output_delta_card(facts, 1, None, None, {}, 1.0)

    def loss(shift):
        moved = np.eye(3)[1] * shift
        told = LossFacts(
            name,
            facts.output + (0 if of_logits else moved),
            facts.target,
            outputs + moved if of_logits else None,
            facts.config,
        )
        return float(loss_card(told).number("loss"))

    sides = [(loss(h) - loss(0)) / h for h in (1e-6, -1e-6)]
    scale = 1 + max(map(abs, sides))
    assert min(sides) - 1e-4 * scale <= card.number("delta") <= max(sides) + 1e-4 * scale


@pytest.mark.parametrize("name", LOSSES)
@settings(max_examples=size(5, 200))
@given(arrays(np.float64, 3, elements=numbers), st.data())
def test_every_part_of_a_loss_is_in_its_sum(name, outputs, data):
    card = loss_card(facts_of_loss(name, outputs, data))
    values = [term.value for term in card.sum.terms]
    told = np.mean(values) if card.sum.how == "mean" else np.sum(values)
    assert isclose(told, float(card.number("loss")), rel_tol=1e-9, abs_tol=1e-12)


@FEW
@given(lists, st.data())
def test_delta_is_what_comes_back_over_every_edge(weights, data):
    deltas = np.array([data.draw(numbers) for _ in weights])
    names = [f"unit {place}" for place in range(len(weights))]
    card = delta_card([Edges("out", weights, deltas, names)], 0.25, 2.0, "through others")
    assert isclose(float(card.number("delta")), 0.25 * (float(weights @ deltas) + 2), abs_tol=1e-9)
    assert isclose(sum(term.value for term in card.sum.terms), float(card.number("da")), abs_tol=1e-9)


@FEW
@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), st.sampled_from(["mean", "sum"]), st.integers(0, 99))
def test_a_gradient_is_delta_times_input(samples, places, inputs, how, seed):
    rng = np.random.default_rng(seed)
    deltas, given_in = rng.normal(size=(samples, places)), rng.normal(size=(samples, places, inputs))
    card = gradient_card(deltas, given_in, 0, how, np.full(inputs, 0.5), None, True)
    each = np.array([sum(d * x for d, x in zip(ds, xs, strict=True)) for ds, xs in zip(deltas, given_in, strict=True)])
    np.testing.assert_allclose(card.number("dw_sample"), each[0])
    np.testing.assert_allclose(card.number("dw"), (each.mean(0) if how == "mean" else each.sum(0)) + 0.5)
    np.testing.assert_allclose(card.number("db_sample"), deltas[0].sum())


@FEW
@given(st.integers(0, 50), arrays(np.float64, 3, elements=numbers), arrays(np.float64, 3, elements=numbers))
def test_adam_is_that_of_its_paper_with_epsilon_on_the_scale_of_the_corrected_moment(step, w, g):
    m, s, config = np.full(3, 0.1), np.full(3, 0.2), {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
    card = update_card(StepFacts("Adam", w, g, {"momentum": m, "velocity": s}, config, 0.01, step))
    m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g
    root = np.sqrt(1 - 0.999 ** (step + 1))
    moved = 0.01 * (m / (1 - 0.9 ** (step + 1))) / (np.sqrt(s) / root + 1e-7 / root)
    np.testing.assert_allclose(card.number("w_after"), w - moved, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(card.number("momentum_after"), m, atol=1e-12)
    np.testing.assert_allclose(card.number("velocity_after"), s)


def every_card():
    config = {"beta_1": 0.9, "beta_2": 0.9, "epsilon": 1e-7, "rho": 0.9, "momentum": 0.5, "centered": True}
    slots = dict.fromkeys([name for _, names in OPTIMIZERS.values() for name in names], np.full(3, 0.2))
    w, g = np.array([0.1, np.nan, np.inf]), np.array([1e-9, 2.0, -3.0])
    for name in OPTIMIZERS:
        yield update_card(StepFacts(name, w, g, slots, config | {"clipvalue": 1.0, "weight_decay": 0.1}, 0.1, 3))


def test_the_code_of_every_optimiser_runs_by_itself_and_yields_the_same():
    cards = list(every_card())
    told: dict[str, object] = {}
    exec(as_code("all", cards), told)
    for place, card in enumerate(cards):
        results = told["results"][f"{place + 1} {card.title}"]
        for formula in card.formulas:
            np.testing.assert_array_equal(results[formula.name], formula.number, formula.name)


def test_a_name_is_text_wherever_it_stands():
    draft = Draft("Forward", "<script>")
    told = draft.given("x", [1.0], "</td><script>alert(1)</script>\nimport os  # \u202e", "x")
    z = draft.let("z", v.total(told), "{z} & 100 % of $it_ \\ ", "z")
    draft.add("z", [Term("<img src=x onerror=alert(1)>", 1.0), Term("b", 0.0)], z)
    cards = [draft.card()]
    html = as_html("<b>", cards, ["<i>"])
    assert not any(tag in html for tag in ("<script", "<img", "<b>", "<i>", "\u202e"))
    told_code: dict[str, object] = {}
    exec(as_code("one\nimport os", cards), told_code)
    assert "os" not in told_code
    assert "\u202e" not in as_text("t", cards)
    assert r"\text{\{z\} \& 100 \% of \$it\_ \textbackslash{} }" in as_latex(cards)
