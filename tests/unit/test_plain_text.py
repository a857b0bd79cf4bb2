"""What others' errors say, as a page can show it."""

import pytest

from nnvis_widget.core.plain_text import sentence
from nnvis_widget.core.status import Problem

KERAS = (
    "Exception encountered when calling Functional.call().\n\n\x1b[1mInvalid input shape for input 'a'.\nMore.\x1b[0m"
    "\n\nArguments received by Functional.call():\n  • training=False"
)
GRAPH = (
    "Graph execution error:\n\nDetected at node loss defined at (most recent call last):\n  File x.py, line 3\n\n"
    "Received a label value of 7 which is outside the valid range of [0, 3).\n\t [[{{node loss}}]] [Op:f_1]"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (KERAS, "Invalid input shape for input 'a'."),
        (GRAPH, "Received a label value of 7 which is outside the valid range of [0, 3)."),
        ("\n  only \x1b[31mred\x1b[0m here\nmore", "only red here"),
        ("Graph execution error:", "Graph execution error:"),
        ("", ""),
    ],
)
def test_an_error_is_told_by_its_own_sentence(text, said):
    assert sentence(ValueError(text)) == said


def test_a_problem_has_no_codes_for_a_terminal():
    problem = Problem("\x1b[1mbold\x1b[0m", "\x1b[38;5;196mtrace\x1b[0m\x1b[K back")
    assert (problem.title, problem.text) == ("bold", "trace back")
