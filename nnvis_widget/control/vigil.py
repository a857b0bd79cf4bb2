"""Looking after something that may change without a word."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any
from weakref import WeakMethod

from nnvis_widget.control.cadence import Cadence
from nnvis_widget.control.worker import Worker

PAUSE_S = 0.5
ASKING_SHARE = 0.01
ANSWER_SHARE = 0.1


class Vigil:
    """Asks at most twice a second, within a hundredth of a core, whether something has changed, and has it seen to.

    It has a thread for as long as there is reason to, and does not keep the object alive whose methods it is given.

    Args:
        name: Of its thread.
        has_reason: Whether to go on asking.
        is_changed: Asked now and then; must not raise.
        see_to_it: Called where it is, within a tenth of the time; must not raise.
    """

    def __init__(
        self,
        name: str,
        has_reason: Callable[[], bool],
        is_changed: Callable[[], bool],
        see_to_it: Callable[[], object],
    ) -> None:
        self._has_reason, self._is_changed, self._see_to_it = map(WeakMethod, (has_reason, is_changed, see_to_it))
        self._asking = Cadence(1 / PAUSE_S, ASKING_SHARE)
        self._answer = Cadence(1 / PAUSE_S, ANSWER_SHARE)
        self._worker = Worker(name, self._work, lambda: self._call(self._has_reason))

    def wake(self) -> None:
        """There may be reason now. Any thread may call this."""
        if self._call(self._has_reason):
            self._worker.wake()

    def _work(self) -> None:
        if self._worker.is_exiting.wait(PAUSE_S) or not self._call(self._has_reason):
            return
        now_s = perf_counter()
        if not (self._asking.is_due(now_s) and self._answer.is_due(now_s)):
            return
        is_changed = self._call(self._is_changed)
        asked_s = perf_counter()
        self._asking.done(now_s, asked_s - now_s)
        if is_changed:
            self._call(self._see_to_it)
            self._answer.done(asked_s, perf_counter() - asked_s)

    def _call(self, method: WeakMethod[Any]) -> bool:
        live = method()
        return live is not None and bool(live())
