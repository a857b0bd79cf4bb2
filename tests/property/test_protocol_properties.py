import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nnvis_widget.core.argument import Flag, OneOf, Positive, Text, Whole
from nnvis_widget.errors import CommandError
from nnvis_widget.stream.protocol import OPERATIONS, Request, answer_message, read_request
from nnvis_widget.widgets.gate import ALLOWED, RULES

WRITTEN = {
    *("selection", "step", "sample", "edges", "units", "detail", "top_k", "bookmarks"),
    *("validation_points", "discrete", "opened", "layer_color", "size", "height"),
}
NUMBERS = st.integers() | st.floats() | st.sampled_from([10**400, -(10**400), 2**63, 0, -1, True, False, 1e308])
TEXT = st.text(max_size=20) | st.sampled_from([*OPERATIONS, "learning_rate", "batch_size", "__class__", "\ud800"])
LEAVES = st.none() | st.booleans() | NUMBERS | TEXT
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=12
)
NEARLY = st.fixed_dictionaries(
    {"v": st.sampled_from([1, 1, 1, 2, "1", None]), "id": NUMBERS | st.integers(0, 9), "op": TEXT},
    optional={
        "args": st.dictionaries(
            st.sampled_from(["count", "seq", "is_visible", "name", "value", "step", "other"]), LEAVES, max_size=3
        )
        | ANYTHING
    },
)
OUT_OF_RANGE = {
    "seq": [-1, 1.5, 10**10],
    "count": [1.5, 10**10],
    "name": ["momentum", "", "learning rate"],
    "value": [0, -1],
    "step": [-1, 1.5, 10**10],
    "export": [-1, 1.5, 10**10],
    "reason": ["x" * 501],
    "layers": [["L1"] * 257, ["x" * 33], [""], ["L1", 2]],
}
OF_ANOTHER_TYPE = {
    "number": [None, True, "1", [1], {}, float("nan"), float("inf"), -float("inf"), 10**400, -(10**400)],
    "boolean": [None, 0, 1, 1.0, "true", [True], {}],
    "strings": [None, True, 3, "L1", {"L1": 1}, [["L1"]], [None]],
    "string": [None, True, 3, b"learning_rate", ["learning_rate"], {}, "x" * 1_000],
}
EVERY_ARGUMENT = [(op, name) for op, arguments in OPERATIONS.items() for name in arguments]


@given(ANYTHING | NEARLY)
@example({"v": 1, "id": 1, "op": "set_hyperparameter", "args": {"name": "learning_rate", "value": 10**400}})
@example({"v": 1, "id": 1, "op": "seek", "args": {"step": "\ud800"}})
def test_any_message_is_read_or_refused_as_a_command_error(content):
    try:
        request, reason = read_request(content), None
    except CommandError as error:
        request, reason = None, str(error)
    if request is None:
        # a refusal must be able to travel back, whatever came
        json.dumps(answer_message(1, reason), ensure_ascii=False).encode()
        assert len(reason) < 1_000
        return
    assert isinstance(request, Request)
    assert set(request.args) == set(OPERATIONS[request.op])
    assert float(request.args.get("value", 1)) > 0
    assert all(abs(value) <= 1e300 for value in request.args.values() if isinstance(value, int | float))


def message(op, **args):
    return {"v": 1, "id": 7, "op": op, "args": args}


def good(op):
    return {name: argument.example for name, argument in OPERATIONS[op].items()}


@pytest.mark.parametrize("op", OPERATIONS)
def test_each_operation_is_read_with_its_arguments_and_refused_with_others(op):
    assert read_request(message(op, **good(op))) == Request(7, op, good(op))
    refused = [message(op, **good(op), other=1)]
    refused += [message(op, **{k: v for k, v in good(op).items() if k != name}) for name in OPERATIONS[op]]
    refused += [message(op, **good(op)) | change for change in ({"v": 2}, {"id": -1}, {"id": "7"}, {"args": [1]})]
    for content in refused:
        with pytest.raises(CommandError, match="Expected"):
            read_request(content)


@pytest.mark.parametrize(("op", "name"), EVERY_ARGUMENT)
def test_an_argument_of_another_type_or_out_of_range_is_refused_with_what_would_do(op, name):
    argument = OPERATIONS[op][name]
    for value in OF_ANOTHER_TYPE[argument.json_type] + OUT_OF_RANGE.get(name, []):
        with pytest.raises(CommandError, match=rf"Expected {op} with {name} as .*, got {name}=.*\. Choose one such as"):
            read_request(message(op, **{**good(op), name: value}))


@given(st.integers() | st.floats() | TEXT | st.booleans() | st.none(), st.integers(), st.integers())
def test_what_an_argument_accepts_is_what_its_words_say(value, low, high):
    is_whole = type(value) is int
    assert Whole(low, high).accepts(value) == (is_whole and low <= value <= high)
    assert Positive(1e300).accepts(value) == (type(value) in (int, float) and 0 < value < 1e300)
    assert Flag().accepts(value) == (value is True or value is False)
    names = ("learning_rate", "drawn")
    assert OneOf(names).accepts(value) == (type(value) is str and value in list(names))
    assert Text(10).accepts(value) == (type(value) is str and len(value) <= 10)


@given(st.dictionaries(st.sampled_from([*ALLOWED, "_esm", "graph", "layout", "comm", "frame"]) | TEXT, ANYTHING))
@example({"selection": {"layer": "L1"}})
@example({"selection": {"layer": "L1", "unit": 10**400}, "step": float("nan"), "height": True, "edges": ["weight"]})
def test_the_gate_admits_only_allowed_names_with_values_in_range(state):
    admitted = RULES["nnvis_widget.NetworkView"].admit(None, state)
    assert set(admitted) <= WRITTEN
    assert all(admitted[name] is state[name] for name in admitted)
    assert admitted.get("edges", "weight") in ("weight", "signal", "gradient")
    assert admitted.get("units", "field") in ("field", "activation")
    assert 360 <= admitted.get("height", 640) <= 1200
    for index in (
        admitted.get("sample", 0),
        admitted.get("step", 0) or 0,
        admitted.get("selection", {}).get("unit", 0),
    ):
        assert type(index) is int
        assert 0 <= index <= 1_000_000_000
