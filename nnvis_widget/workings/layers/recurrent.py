"""One time step of a recurrent layer, gate by gate (keras.io/api/layers/recurrent_layers).

The steps before it are computed too, in numpy, for all units: h and c before the step come from there.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnvis_widget.core.anatomy import GATES
from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.activations import ELEMENTWISE
from nnvis_widget.workings.card import Draft, Term
from nnvis_widget.workings.layers.cells import STEPS, Cell, State, cell_of, numbers
from nnvis_widget.workings.layers.facts import Found, LayerFacts, NotCoveredError
from nnvis_widget.workings.value import Value, dotted


def recurrent(draft: Draft, facts: LayerFacts) -> Found:
    """SimpleRNN (Elman 1990), LSTM (Hochreiter and Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735), GRU (Cho et al.
    2014, arXiv:1406.1078; with `reset_after` as in arXiv:1406.1078v1)."""
    cell = _cell(facts)
    write, step = {"SimpleRNN": _simple, "LSTM": _lstm, "GRU": _gru}[facts.kind], STEPS[facts.kind]
    x = np.asarray(facts.sample, np.float64)
    order = list(range(len(x)))[:: -1 if facts.config.get("go_backwards") else 1]
    mask = facts.options.get("mask")
    seen = np.ones(len(x), bool) if mask is None else np.asarray(mask)[facts.row].astype(bool)
    last = facts.place[0] if len(facts.place) > 1 else len(order) - 1
    state: State = (np.zeros(cell.units), np.zeros(cell.units))
    asked = [place for place in order[: last + 1] if seen[place]]
    if not asked:
        raise NotCoveredError("every step up to here is masked")
    if not seen[order[last]]:
        draft.notes.append("This step is masked: the state is that of the last step that is not.")
        if facts.config.get("zero_output_for_mask") and len(facts.place) > 1:
            raise NotCoveredError("this step is masked, and puts out zeros")
    for place in asked[:-1]:
        state = step(cell, x[place], state).after
    draft.given("step", asked[-1], "the time step", "t")
    return write(draft, facts, cell, x[asked[-1]], state)


def _cell(facts: LayerFacts) -> Cell:
    kernel, own = facts.weight("kernel"), facts.weight("recurrent_kernel")
    if kernel is None or own is None or facts.config.get("stateful") or facts.options.get("initial_state") is not None:
        raise NotCoveredError("its state before the first step is not zero, or its kernels are not plain variables")
    if facts.is_training and (facts.number("dropout") or facts.number("recurrent_dropout")):
        raise NotCoveredError("it drops inputs or states in training")
    if facts.config.get("return_state"):
        raise NotCoveredError("it puts out its state too")
    cell = cell_of(facts.kind, facts.weights, facts.config)
    if cell is None:
        raise NotCoveredError("one of its activations is not written out")
    return cell


def _side(draft: Draft, cell: Cell, gate: int, unit: int, name: str, x: Value, h: Value) -> tuple[Value, list[Term]]:
    """What input, state and bias bring to a gate of a unit, and the terms of that."""
    column, gate_name = cell.column(gate, unit), phrase(f"{name} gate")
    w = draft.given(
        f"w_{name}", cell.kernel[:, column], phrase("weights of the input, {gate}", gate=gate_name), f"w^{{{name}}}"
    )
    u = draft.given(
        f"u_{name}", cell.recurrent[:, column], phrase("weights of the state, {gate}", gate=gate_name), f"u^{{{name}}}"
    )
    bias = cell.bias if cell.bias.ndim == 1 else cell.bias.sum(0)
    b = draft.given(f"b_{name}", float(bias[column]), phrase("bias, {gate}", gate=gate_name), f"b^{{{name}}}")
    terms = [
        *_terms("input {place}", w.number, x.number),
        *_terms("state {place}", u.number, h.number),
        Term(phrase("bias"), float(bias[column])),
    ]
    return dotted(w, x) + dotted(u, h) + b, terms


def _terms(what: str, weights: np.ndarray, values: np.ndarray) -> list[Term]:
    pairs = zip(weights.tolist(), values.tolist(), strict=True)
    return [Term(phrase(what, place=place), w * x, w, x) for place, (w, x) in enumerate(pairs)]


def _applied(draft: Draft, name: str, activation: str, value: Value, told: str) -> Value:
    z = draft.let(f"z_{name}", value, phrase("the weighted sum of the {name}", name=phrase(told)), f"z^{{{name}}}")
    return draft.let(name, ELEMENTWISE[activation](z, {})[0], phrase("the {name}", name=phrase(told)), name)


def _given(draft: Draft, x: np.ndarray, state: State) -> tuple[Value, Value]:
    return (
        draft.given("x", x, "what comes in at this step", "x_t"),
        draft.given("h_before", state[0], "the state before the step", "h_{t-1}"),
    )


Write = Callable[[Draft, LayerFacts, Cell, np.ndarray, State], Found]


def _simple(draft: Draft, facts: LayerFacts, cell: Cell, x: np.ndarray, state: State) -> Found:
    came, before = _given(draft, x, state)
    value, terms = _side(draft, cell, 0, facts.unit, "new", came, before)
    new = _applied(draft, "new", cell.new, value, "new state")
    draft.add("z", terms, Value(draft.number("z_new"), "z_new", "z"))
    return Found(draft.let("z", new, "the state after the step", "h_t"))


def _lstm(draft: Draft, facts: LayerFacts, cell: Cell, x: np.ndarray, state: State) -> Found:
    came, before = _given(draft, x, state)
    kept = draft.given("c_before", float(state[1][facts.unit]), "the cell of the unit before the step", "c_{t-1}")
    gates: dict[str, Value] = {}
    for place, name in enumerate(GATES[4]):
        value, _ = _side(draft, cell, place, facts.unit, name, came, before)
        told = "candidate of the cell" if name == "cell" else f"{name} gate"
        gates[name] = _applied(draft, f"{name}_gate", cell.new if name == "cell" else cell.gate, value, told)
    after = gates["forget"] * kept + gates["input"] * gates["cell"]
    now = draft.let("c_after", after, "the cell after the step: what is kept and what is new", "c_t")
    parts = [
        Term(
            phrase("kept of the cell"),
            float((gates["forget"] * kept).number),
            float(gates["forget"].number),
            float(kept.number),
        ),
        Term(
            phrase("new in the cell"),
            float((gates["input"] * gates["cell"]).number),
            float(gates["input"].number),
            float(gates["cell"].number),
        ),
    ]
    draft.add("c_t", parts, now)
    shown = ELEMENTWISE[cell.new](now, {})[0]
    return Found(draft.let("z", gates["output"] * shown, "the state after the step: what of the cell is shown", "h_t"))


def _gru(draft: Draft, facts: LayerFacts, cell: Cell, x: np.ndarray, state: State) -> Found:
    came, before = _given(draft, x, state)
    unit, gates = facts.unit, GATES[3]
    update = _applied(draft, "update", cell.gate, _side(draft, cell, 0, unit, gates[0], came, before)[0], "update gate")
    column = cell.column(2, unit)
    w = draft.given("w_new", cell.kernel[:, column], "weights of the input, new state", r"w^{new}")
    u = draft.given("u_new", cell.recurrent[:, column], "weights of the state, new state", r"u^{new}")
    own = draft.given("h_own", float(state[0][unit]), "the state of the unit before the step", "h^i_{t-1}")
    if cell.resets_after:
        value, _ = _side(draft, cell, 1, unit, gates[1], came, before)
        reset = _applied(draft, "reset", cell.gate, value, "reset gate")
        b = draft.given("b_new", float(cell.bias[0, column]), "bias of the input, new state", "b^{new}")
        c = draft.given("b_new_state", float(cell.bias[1, column]), "bias of the state, new state", "b^{h}")
        new = dotted(w, came) + b + reset * (dotted(u, before) + c)
    else:
        columns = slice(cell.units, 2 * cell.units)
        every = draft.given(
            "reset",
            numbers(
                cell.gate, x @ cell.kernel[:, columns] + state[0] @ cell.recurrent[:, columns] + cell.bias[columns]
            ),
            "the reset gates of all units",
            "r",
        )
        b = draft.given("b_new", float(cell.bias[column]), "bias, new state", "b^{new}")
        new = dotted(w, came) + b + dotted(u, every * before)
    fresh = _applied(draft, "new", cell.new, new, "new state")
    z = draft.let(
        "z", update * own + (1 - update) * fresh, "the state after the step: what is kept and what is new", "h_t"
    )
    kept, share = float(update.number), float(1 - update.number)
    parts = [
        Term(phrase("kept of the state"), kept * float(own.number), kept, float(own.number)),
        Term(phrase("new in the state"), share * float(fresh.number), share, float(fresh.number)),
    ]
    draft.add("h_t", parts, z)
    return Found(z)
