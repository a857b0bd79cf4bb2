"""Errors of others as text for a page: without codes for a terminal, and by the sentence that says what is wrong."""

from __future__ import annotations

import re

CODES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
KERAS_SENTENCE = re.compile(r"\x1b\[1m(.+?)\x1b\[0m", re.DOTALL)
GRAPH_ERROR = "Graph execution error:"


def plain(text: str) -> str:
    """The text without colours and other codes for a terminal."""
    return CODES.sub("", text)


def sentence(error: BaseException) -> str:
    """What an error says, in its first line that tells something.

    Keras puts it in bold behind "Exception encountered when calling …", TensorFlow behind the traceback of a graph.
    """
    text = str(error).strip()
    bold = KERAS_SENTENCE.search(text)
    if bold is not None:
        text = bold[1]
    elif text.startswith(GRAPH_ERROR):
        text = text.rpartition("\n\n")[2] or text
    return next((line.strip() for line in plain(text).splitlines() if line.strip()), "")
