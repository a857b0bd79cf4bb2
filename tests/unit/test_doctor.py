"""Does the doctor name what is wrong, the cause first, and stay silent where nothing is?"""

from dataclasses import replace
from math import inf, nan

import numpy as np
import pytest
from IPython.core.formatters import HTMLFormatter

from nnvis_widget.core.finding import Place
from nnvis_widget.core.look import KernelLook, LayerLook, Look
from nnvis_widget.core.task import Task
from nnvis_widget.core.words.findings import finding_words
from nnvis_widget.diagnosis import registry
from nnvis_widget.diagnosis.advice import ADVICE
from nnvis_widget.diagnosis.doctor import Doctor, judge
from nnvis_widget.diagnosis.facts import (
    Facts,
    InputFacts,
    LayerFacts,
    TargetFacts,
    ValidationFacts,
    base_loss,
    compare_inputs,
    read_input,
    read_targets,
)
from nnvis_widget.diagnosis.registry import all_rules, register_rule
from nnvis_widget.diagnosis.rule import Rule, Sign
from nnvis_widget.errors import ModelError

LAYERS = (
    LayerFacts("L1", "h1", activation="relu"),
    LayerFacts("L2", "h2", activation="relu", sources=("L1",)),
    LayerFacts("L3", "out", activation="softmax", sources=("L2",)),
)
FACTS = Facts(
    layers=LAYERS,
    outputs=("L3",),
    output_units=3,
    output_activation="softmax",
    loss="sparsecategoricalcrossentropy",
    base_loss=1.0,
    validation_base_loss=1.0,
    rows=300,
    probe_rows=128,
    inputs=(InputFacts(1.0, 3.0, 0.1),),
    targets=TargetFacts(0, 2, 1, 0.8, (100, 100, 100), next_alike=0.33),
    validation=ValidationFacts(64, 0.1, 1.0, 0.0),
    has_validation=True,
    optimizer="Adam",
    learning_rate=1e-3,
    batch_size=32,
    is_shuffled=True,
    steps_per_epoch=10,
    epochs=20,
    parameter_count=100,
    trainable_count=100,
)
KERNELS = tuple(KernelLook(f"L{place}", "kernel", 4, 0.4, 0.5, 0.1, 1.0, 0.01) for place in (1, 2, 3))
SEEN = (LayerLook("L1", 10), LayerLook("L2", 10))


def look(step, loss, **changes):
    sound = Look(step, step / 10, loss, 0.0, loss, KERNELS, SEEN, 0.3, (0.8, 0.8, 0.8), 0.8, 0.8, 1e-3)
    return replace(sound, **changes)


def run(loss=lambda step: 0.05 + np.exp(-step / 30), steps=range(0, 201, 5), **changes):
    return [look(step, float(loss(step)), **{name: of(step) for name, of in changes.items()}) for step in steps]


def kernels(**changes):
    return lambda step: tuple(replace(kernel, **changes) for kernel in KERNELS)


def flat(_):
    return 0.99


SOUND = run()


def rules_of(findings):
    return [one.rule for one in findings.faults]


def test_a_sound_training_has_no_finding_and_says_what_was_checked():
    found = judge(FACTS, SOUND, is_over=True)
    assert list(found) == []
    assert found.describe().startswith(
        "Nothing wrong was found.\n✓ Checked on 128 rows and not found: NaN in the data, "
    )
    assert set(found.fine) == {rule.name for rule in all_rules()} - set(found.not_checked)
    assert dict(found.not_checked) == {}


STATIC = [
    ("nan_input", {"inputs": (InputFacts(1, 1, 0, bad_rows=(3,), bad_count=2),)}),
    ("labels_corrupt", {"targets": TargetFacts(1, 1, 1, 0, is_constant=True)}),
    ("val_mismatch", {"validation": ValidationFacts(64, 0.1, 16.0, 0.0)}),
    ("val_mismatch", {"validation": ValidationFacts(64, 1.2, 1.0, 0.0)}),
    ("unshuffled", {"is_shuffled": False, "targets": replace(FACTS.targets, next_alike=0.98)}),
    ("output_activation", {"output_units": 1}),
    ("output_activation", {"output_activation": "linear"}),
    ("output_activation", {"targets": TargetFacts(0, 1, 0.4, 0.5, marked_twice=0.4, are_pairs=True)}),
    (
        "output_activation",
        {"output_activation": "relu", "loss": "meansquarederror", "targets": TargetFacts(-2, 2, 0, 1)},
    ),
    (
        "loss_mismatch",
        {"output_activation": "sigmoid", "loss": "binarycrossentropy", "targets": TargetFacts(0, 3, 1, 1)},
    ),
    ("frozen", {"trainable_count": 0}),
    ("missing_activation", {"layers": tuple(replace(layer, activation=None) for layer in LAYERS)}),
]


@pytest.mark.parametrize(("rule", "changes"), STATIC)
def test_a_fault_of_the_data_or_the_model_is_named_before_the_first_step(rule, changes):
    found = judge(replace(FACTS, **changes), SOUND[:1])
    assert rules_of(found) == [rule] * len(found.faults)
    assert found.faults
    assert found[0].since_step == 0


def test_of_many_layers_that_are_not_trained_it_is_said_how_many_there_are():
    layers = tuple(LayerFacts(f"B{at}", f"b{at}", has_kernel=True, is_trainable=False) for at in range(5))
    titles = [judge(replace(FACTS, layers=(*still, *LAYERS)), SOUND[:1])[0].title for still in (layers[:2], layers)]
    assert titles == [
        "Layers that are not trained (2): b0, b1",
        "Layers that are not trained (5): b0, b1, b2, …",
    ]


NEARLY = [
    {"inputs": (InputFacts(6.0, 16.0, 1.0),)},  # the digits of scikit-learn
    {"validation": ValidationFacts(16, 1.4, 1.0, 0.0)},  # few rows
    {"is_shuffled": False},
    {"output_activation": "linear", "from_logits": True},
    {"output_activation": "linear", "loss": "meansquarederror"},
    {"output_activation": "sigmoid", "loss": "meansquarederror", "targets": TargetFacts(0, 1, 0.4, 0.5)},
    {"output_activation": None},
    {"targets": TargetFacts(0, 2, 0.5, 0.6, (250, 30, 30))},
    {"batch_size": 2},
    {"loss": None, "base_loss": nan, "unknown": (("loss", "the loss is your own"),)},
    {
        "layers": (
            *LAYERS[:2],
            replace(LAYERS[2], activation=None, id="L3"),
            LayerFacts("L4", "s", "elementwise", "softmax"),
        )
    },
]


@pytest.mark.parametrize("changes", NEARLY)
def test_what_is_nearly_a_fault_is_none(changes):
    found = judge(replace(FACTS, **changes), SOUND, is_over=True)
    assert [one for one in found if one.severity != "note"] == []


DOUBTS = [
    ("input_not_normalised", {"inputs": (InputFacts(80.0, 255.0, 1.0, (4,)),)}),
    (
        "target_scale",
        {"loss": "meansquarederror", "targets": TargetFacts(0, 900, 300, 90), "output_activation": "linear"},
    ),
    ("loss_mismatch", {"from_logits": True}),
    ("missing_activation", {"layers": (LAYERS[0], replace(LAYERS[1], activation=None), LAYERS[2])}),
    ("class_imbalance", {"targets": TargetFacts(0, 2, 0, 1, (300, 20, 20))}),
    ("batch_size", {"batch_size": 1}),
]


@pytest.mark.parametrize(("rule", "changes"), DOUBTS)
def test_a_doubt_is_a_warning_while_it_learns(rule, changes):
    found = judge(replace(FACTS, **changes), SOUND, is_over=True)
    assert [(one.rule, one.severity) for one in found] == [(rule, "warning")]


@pytest.mark.parametrize(
    ("rule", "changes"), [one for one in DOUBTS if one[0] not in ("batch_size", "class_imbalance")]
)
def test_a_doubt_is_the_cause_where_it_does_not_learn(rule, changes):
    found = judge(replace(FACTS, **changes), run(flat))
    assert [(one.rule, one.severity, one.because_of) for one in found] == [
        (rule, "fault", ""),
        ("plateau", "fault", rule),
    ]


def jumpy(step):
    return 0.7 + 0.3 * (-1) ** (step // 5)


LIVE = [
    ("lr_too_high", run(lambda step: 0.9, kernels=kernels(update=0.4)), "the optimiser"),
    ("lr_too_high", run(lambda step: 1 + step / 5), "the optimiser"),
    ("lr_too_high", run(lambda step: 0.3 if step < 20 else 0.9), "the optimiser"),
    ("lr_too_low", run(flat, kernels=kernels(update=1e-5)), "the optimiser"),
    ("oscillation", run(jumpy), "the optimiser"),
    ("dead_relu", run(flat, layers=lambda _: (LayerLook("L1", 10), LayerLook("L2", 10, (1, 2), 6))), "'h2'"),
    ("saturation", run(flat, layers=lambda _: (LayerLook("L1", 10, (), 0, (1, 2), 6), LayerLook("L2", 10))), "'h1'"),
    ("vanishing_gradient", run(flat, kernels=lambda _: (replace(KERNELS[0], gradient=1e-6), *KERNELS[1:])), "'h1'"),
    ("nan", [*SOUND[:8], look(40, nan, first_bad="L2")], "'h2'"),
    ("constant_output", run(flat, output_spread=lambda _: 1e-9), "the loss"),
    ("plateau", run(flat), "the loss"),
    ("loss_metric_disagree", run(recall=lambda _: (1.0, 0.0, 0.0)), "the loss"),
    ("labels_random", run(validation_loss=lambda _: 1.1), "the data"),
    ("overfit", run(validation_loss=lambda step: 0.6 + abs(step - 50) / 100), "the data"),
    ("init_symmetric", run(flat, kernels=kernels(std=0.0)), "'h1'"),
    ("init_scale", run(flat, kernels=kernels(std=9.0)), "'h1'"),
]


@pytest.mark.parametrize(("rule", "looks", "place"), LIVE, ids=[one[0] for one in LIVE])
def test_what_is_seen_while_it_trains_is_named_first_and_placed(rule, looks, place):
    found = judge(FACTS, looks)
    assert (found[0].rule, found[0].severity, found[0].place.text) == (rule, "fault", place)
    assert {one.because_of for one in found[1:]} <= {rule}


def test_what_cannot_be_told_yet_is_not_called_fine():
    before, early, late = (judge(FACTS, SOUND[:count]) for count in (1, 3, 41))
    assert before.not_checked["plateau"] == "no step has been taken yet"
    assert early.not_checked["dead_relu"] == "it is too early to tell"
    assert "dead_relu" in late.fine
    assert late.not_checked == dict.fromkeys(("too_few_epochs", "underfit"), "the training has not ended")
    ended = judge(FACTS, SOUND[:3], is_over=True)
    assert ended.not_checked["dead_relu"] == "there are too few looks at this training"
    far_apart = judge(FACTS, [*SOUND[:2], SOUND[40]], is_over=True)
    windowed = ("lr_too_high", "lr_too_low", "oscillation", "exploding_gradient")
    assert {far_apart.not_checked[rule] for rule in windowed} == {"there are too few looks at this training"}
    assert "dead_relu" in far_apart.fine
    assert judge(FACTS, []).not_checked["nan"] == "the network was not run on the data"


def test_dead_and_saturated_units_of_a_network_that_works_are_no_fault():
    seen = (LayerLook("L1", 10, (1,), 9), LayerLook("L2", 10, (), 0, (1,), 9))
    assert not judge(FACTS, run(layers=lambda _: seen), is_over=True).faults


def test_raw_inputs_that_saturate_a_layer_are_one_chain():
    raw = replace(FACTS, inputs=(InputFacts(90.0, 255.0, 0.0, (2,)),))
    seen = (LayerLook("L1", 10, (), 0, (1, 2), 10), LayerLook("L2", 10))
    found = judge(raw, run(flat, layers=lambda _: seen))
    assert [(one.rule, one.because_of) for one in found] == [
        ("input_not_normalised", ""),
        ("saturation", "input_not_normalised"),
        ("plateau", "input_not_normalised"),
    ]
    assert "→ Saturated units in 'h1': 10 of 10" in found.describe()


def test_dead_units_after_a_large_step_are_blamed_on_the_rate():
    seen = (LayerLook("L1", 10, (1, 2), 10), LayerLook("L2", 10))
    looks = run(flat, layers=lambda step: seen if step > 5 else SEEN)
    looks[1] = replace(looks[1], kernels=tuple(replace(one, update=0.8) for one in KERNELS))
    found = judge(FACTS, looks)
    assert found[0].rule == "lr_too_high"
    assert "At step 5 one step changed a kernel by 0.80 times its size" in found[0].title
    assert [one.rule for one in found if one.because_of == "lr_too_high"] == ["dead_relu", "plateau"]


def test_a_sign_comes_after_some_looks_in_a_row_and_is_over_after_three_clean_ones():
    dead = (LayerLook("L1", 10, (1,), 8), LayerLook("L2", 10))
    looks = run(flat, range(50, 65, 5), layers=lambda _: dead)
    doctor = Doctor(FACTS)
    doctor.look(look(0, 1.0))
    for one in looks[:2]:
        doctor.look(one)
        assert not doctor.findings.all
    doctor.look(looks[2])
    (finding,) = doctor.findings.faults
    assert (finding.since_step, finding.last_step, finding.is_over) == (50, 60, False)
    for step in (65, 70):
        doctor.look(look(step, 0.9))
        assert doctor.findings.faults
    doctor.look(look(75, 0.9))
    assert doctor.findings.faults == ()
    assert [one.is_over for one in doctor.findings] == [True]


def test_an_alarm_that_the_run_refutes_is_over():
    sorted_rows = replace(FACTS, is_shuffled=False, targets=replace(FACTS.targets, next_alike=0.98))
    found = judge(sorted_rows, SOUND)
    assert [(one.rule, one.is_over) for one in found] == [("unshuffled", True)]
    assert "(last seen at step 25)" in found.describe()


def test_weights_in_proportion_to_what_goes_out_are_no_doubt():
    squeezing = tuple(replace(one, std=0.6, fan_in=96, fan_out=4) for one in KERNELS)
    assert list(judge(FACTS, run(kernels=lambda _: squeezing))) == []


def test_linear_bottlenecks_of_convolutions_are_no_doubt():
    chain = [("L1", "conv", "relu"), ("L2", "conv", None), ("L3", "conv", "relu"), ("L4", "dense", "softmax")]
    layers = [
        LayerFacts(name, name, role, activation, sources=(f"L{place}",))
        for place, (name, role, activation) in enumerate(chain)
    ]
    assert list(judge(replace(FACTS, layers=tuple(layers), outputs=("L4",)), SOUND)) == []


def test_where_nothing_could_be_run_nothing_is_called_fine():
    blind = run(lambda step: nan, validation_loss=lambda _: nan)
    found = judge(replace(FACTS, base_loss=nan, unknown=(("loss", "there are no targets"),)), blind)
    assert list(found) == []
    assert {"dead_relu", "plateau", "oscillation", "constant_output"} <= set(found.not_checked)


def test_a_pairing_that_works_nevertheless_is_a_warning():
    no_shares = replace(FACTS, output_activation="tanh")
    assert rules_of(judge(no_shares, SOUND[:2])) == ["output_activation"]
    assert rules_of(judge(no_shares, SOUND)) == ["output_activation"]
    works = run(recall=lambda _: (0.95, 0.9, 0.96))
    assert [(one.rule, one.severity) for one in judge(no_shares, works)] == [("output_activation", "warning")]


def test_a_changed_rate_takes_earlier_looks_out_of_account():
    doctor = Doctor(FACTS)
    for one in run(lambda step: 0.9, range(10, 40, 5), kernels=kernels(update=0.4)):
        doctor.look(one)
    assert rules_of(doctor.findings) == ["lr_too_high"]
    doctor.rate_changed()
    assert rules_of(doctor.findings) == []
    doctor.look(look(45, 0.85))
    assert rules_of(doctor.findings) == []


def test_a_threshold_that_is_moved_judges_kept_looks_anew():
    seen = (LayerLook("L1", 10, (1,), 6), LayerLook("L2", 10))
    looks = run(lambda _: 0.9, layers=lambda _: seen)
    assert rules_of(judge(FACTS, looks)) == ["dead_relu"]
    assert rules_of(judge(FACTS, looks, thresholds={"dead_relu": 0.7})) == []


def test_where_the_loss_of_guessing_is_not_known_that_is_said():
    own = replace(FACTS, loss=None, base_loss=nan, unknown=(("loss", "the loss is your own"),))
    found = judge(own, run(flat), is_over=True)
    assert list(found) == []
    assert found.not_checked["plateau"] == "the loss is your own"
    (told,) = [line for line in found.describe().splitlines() if line.endswith(": the loss is your own.")]
    assert told.startswith("Not checked: loss and targets, no better than guessing, ")


def test_a_rule_that_raises_is_reported_once_and_left_out():
    def broken(case):
        raise ZeroDivisionError("oh")

    rules = (Rule("mine", "curves", broken), *all_rules())
    with pytest.warns(RuntimeWarning, match="goes on without the rule 'mine'") as told:
        found = judge(FACTS, run(flat), rules=rules)
    assert len(told) == 1
    assert rules_of(found) == ["plateau"]
    assert found.not_checked["mine"] == "the rule has failed: oh"


def test_a_rule_of_ones_own_is_asked(monkeypatch):
    monkeypatch.setattr(registry, "_registered", {})

    def too_sure(case):
        if case.now.loss < case.thresholds["too_sure"]:
            yield Sign(Place("loss"), "warning", case.now.loss, case.thresholds["too_sure"])

    register_rule("too_sure", too_sure, thresholds={"too_sure": 0.1})
    (finding,) = judge(FACTS, SOUND)
    assert (finding.rule, finding.title[:14]) == ("too_sure", "too_sure: 0.05")
    with pytest.raises(ModelError, match="one of nnvis_widget's"):
        register_rule("dead_relu", too_sure)


def test_names_with_markup_reach_a_page_as_text():
    layers = (replace(LAYERS[0], name="<script>alert(1)</script>"), *LAYERS[1:])
    dead = (LayerLook("L1", 10, (1,), 9), LayerLook("L2", 10))
    found = judge(replace(FACTS, layers=layers), run(flat, layers=lambda _: dead))
    page = HTMLFormatter()(found)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_every_piece_of_advice_is_code_that_some_text_tells():
    said = finding_words("en")
    for kind, advice in ADVICE.items():
        assert any(kind in (text, text.partition(".")[0]) for text in said["texts"])
        for one in advice:
            compile(one.code, kind, "exec")
            assert one.words in said["advice"]


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("loss", "targets", "expected"),
    [
        ("sparsecategoricalcrossentropy", np.array([0, 0, 1, 2]), 1.5 * np.log(2)),
        ("categoricalcrossentropy", np.eye(4), np.log(4)),
        ("binarycrossentropy", np.array([0, 1, 1, 1.0]), -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))),
        ("meansquarederror", np.array([0.0, 4.0]), 4.0),
        ("meanabsoluteerror", np.array([0.0, 0.0, 9.0]), 3.0),
        ("huber", np.array([0.0, 4.0]), nan),
        (None, np.array([0.0, 4.0]), nan),
        ("meansquarederror", np.array([0.0, inf]), nan),
    ],
)
def test_the_loss_of_guessing(loss, targets, expected):
    assert base_loss(loss, targets, 4) == pytest.approx(expected, nan_ok=True)


def test_the_loss_of_guessing_is_the_least_of_a_constant_answer_with_weights_too():
    y, w = RNG.integers(0, 3, 90), RNG.uniform(0.1, 4, 90)
    p = np.bincount(y, w) / w.sum()
    assert base_loss("sparsecategoricalcrossentropy", y, 3, w) == pytest.approx(-(w * np.log(p[y])).mean())
    z = RNG.normal(size=90)
    best = min((w * (z - guess) ** 2).mean() for guess in np.linspace(-1, 1, 2001))
    assert base_loss("meansquarederror", z, 1, w) == pytest.approx(best, rel=1e-4)


def test_facts_of_data_in_numbers():
    x = RNG.normal(size=(400, 5)) * [1, 1, 1, 1, 40]
    x[7, 2] = nan
    facts = read_input(x)
    assert (facts.bad_count, facts.bad_rows, facts.features) == (1, (7,), (4,))
    assert facts.largest_std == pytest.approx(40, rel=0.1)
    y = np.sort(RNG.integers(0, 3, 400))
    sorted_rows = read_targets(y, Task("one_of_several"), 3)
    assert sorted_rows.next_alike > 0.98
    assert sum(sorted_rows.counts) == 400
    two = (RNG.random((400, 4)) > 0.5).astype(float)
    assert read_targets(two, Task("labels"), 4).marked_twice > 0.5
    assert compare_inputs(x[100:200], x[200:] / 255).spread < 0.02
    assert compare_inputs(x[100:200], x[200:]).features_off == 0


SPARSE = (*range(0, 20, 2), 50, 60, 70, 80, 110, 160)


def revives(step):
    return (LayerLook("L1", 10, tuple(range(9)), 9) if 20 < step < 100 else LayerLook("L1", 10), LayerLook("L2", 10))


def test_what_kept_a_network_from_learning_is_over_at_the_first_look_at_one_that_has_learnt():
    leapt = tuple(replace(kernel, update=1.0) for kernel in KERNELS)
    looks = run(
        lambda step: 1.0 if step < 100 else 0.1,
        SPARSE,
        layers=revives,
        kernels=lambda step: leapt if step == 2 else KERNELS,
    )
    facts = replace(FACTS, epochs=50)
    while_dead = judge(facts, [one for one in looks if one.step < 100])
    assert [one.rule for one in while_dead.all if not one.is_over and one.severity == "fault"]
    after = judge(facts, looks[:-1])
    assert [one.rule for one in after.all if not one.is_over] == []


def test_looks_far_apart_do_not_tell_what_the_last_part_has_brought():
    falling = run(lambda step: 1.0 if step < 100 else 0.1, SPARSE)
    assert (
        judge(FACTS, falling, is_over=True).not_checked["too_few_epochs"] == "there are too few looks at this training"
    )
    near = run(lambda step: 1.0 - step / 200, range(0, 201, 5))
    assert "too_few_epochs" in [one.rule for one in judge(FACTS, near, is_over=True)]
