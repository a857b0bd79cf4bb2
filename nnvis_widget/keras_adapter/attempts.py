"""Trying what may fail beside a training, which goes on."""

from __future__ import annotations

import logging
import traceback
import warnings
from collections.abc import Callable, Sequence
from typing import TypeVar

from nnvis_widget.core.plain_text import sentence
from nnvis_widget.core.status import Problem
from nnvis_widget.core.want import Wants

MEASURE, RECORD = ("measure", "measured"), ("record", "recorded")

Value = TypeVar("Value")

log = logging.getLogger("nnvis_widget")


class Attempts:
    """What fails is told once, as a warning and as `problem`, and left out from then on, until something else is asked
    of it or it is to be tried again.

    Args:
        name_of_model: For the warning.
        is_changing: Whether somebody changes the model just now: what fails then is tried again, without a word.

    Attributes:
        problem: What failed last and has not worked since; else `None`.
    """

    def __init__(self, name_of_model: Callable[[], str], is_changing: Callable[[], bool]) -> None:
        self.problem: Problem | None = None
        self._name_of_model = name_of_model
        self._is_changing = is_changing
        self._failed: dict[str, Wants] = {}
        self._warned: set[str] = set()
        self._problem_of: str | None = None
        self._over: set[Problem] = set()

    def try_all_again(self) -> None:
        """For another model, or where somebody asks for it."""
        self._failed.clear()
        self._warned.clear()

    def still(self, problem: Problem | None) -> Problem | None:
        """A problem that was told, unless what failed has worked since, as with samples that a model refuses."""
        return None if problem in self._over else problem

    def attempt(
        self, name: str, act: Callable[[], Value], doing: Sequence[str] = MEASURE, asked: Wants = frozenset()
    ) -> Value | None:
        """What `act` gives; `None` where it fails, or has failed when the same was asked.

        Args:
            name: What it is about: "The … cannot be measured".
            act: What may fail.
            doing: A verb and its participle, for the report.
            asked: What is asked of it.
        """
        if name in self._failed and self._failed[name] == asked:
            return None
        try:
            value = act()
        except Exception as error:
            if self._is_changing():
                log.debug("the %s were not measured of a model that is changing", name, exc_info=True)
                return None
            self._failed[name] = asked
            reason, (verb, participle) = sentence(error), doing
            self.problem = Problem(f"The {name} cannot be {participle}: {reason}", traceback.format_exc())
            self._problem_of = name
            self._over.discard(self.problem)
            if name in self._warned:
                return None
            self._warned.add(name)
            warnings.warn(
                f"nnvis_widget cannot {verb} the {name} of {self._name_of_model()!r} and goes on without: {reason}",
                RuntimeWarning,
                stacklevel=2,
            )
            return None
        self._failed.pop(name, None)
        if self._problem_of == name and self.problem is not None:
            self._over.add(self.problem)
            self.problem, self._problem_of = None, None
        return value
