"""What every source holds: where it stands, who listens, who watches, and the commands that it obeys."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from threading import RLock
from time import sleep
from typing import Any, TypeVar

from nnvis_widget.control.command_queue import CommandQueue
from nnvis_widget.control.vigil import Vigil
from nnvis_widget.control.watch_list import WatchList
from nnvis_widget.core.command import (
    Capability,
    Command,
    Look,
    Unwatch,
    Watch,
    check_arguments,
    is_accepted,
    kind_of,
    offered,
)
from nnvis_widget.core.status import Problem, State, Status
from nnvis_widget.errors import CommandError
from nnvis_widget.run.listeners import Listeners

POLL_S = 0.02

Value = TypeVar("Value")


class SourceCore:
    """Status, listeners, watches and commands of one source, which holds it.

    Any thread may post, subscribe and read; one thread at a time obeys.

    Args:
        capabilities: What the source can do; says which commands it accepts and offers.
        refusal: What to say of another command, with `{command}` for its name.
        watches: Who watches what.
        handlers: What obeys a command, by its class; `Watch` and `Unwatch` are obeyed here.
        check: Raises `CommandError` for a command that cannot be carried out, before it is put on the queue.
        look: Measures what is watched. Called at rest, once for all that asked together; what is asked while steps are
            taken is seen to by whoever takes them (`WatchList.is_asked`).
        wake: Sees to it that somebody obeys; called after each post, on the caller's thread.
        renew: Forgets what is known of the model, before a look that is wanted anew.
        is_stale: Whether the model is no longer the one that was measured. Asked at rest, on any thread, also now and
            then while a page shows the source; then it is looked at again.
    """

    def __init__(
        self,
        capabilities: Collection[Capability],
        refusal: str,
        watches: WatchList,
        handlers: Mapping[type[Command], Callable[[Any], None]],
        check: Callable[[Command], None] = lambda _: None,
        look: Callable[[], None] = lambda: None,
        wake: Callable[[], None] = lambda: None,
        renew: Callable[[], None] = lambda: None,
        is_stale: Callable[[], bool] | None = None,
    ) -> None:
        self.capabilities = frozenset(capabilities)
        self.queue = CommandQueue(wake)
        self.status = Status()
        self._refusal = refusal
        self._watches = watches
        self._handlers: dict[type[Command], Callable[[Any], None]] = {
            Watch: self._watch,
            Unwatch: self._unwatch,
            Look: self._look_again,
            **handlers,
        }
        self._check = check
        self._look = look
        self._wake = wake
        self._renew = renew
        self._is_stale = is_stale
        self._vigil = Vigil("nnvis-vigil", self._is_shown_at_rest, self.has_changed, self._look_after)
        self._listeners: Listeners[Status] = Listeners()
        # Held where the model is read or measured beside a training that may begin, and where the status changes.
        self._lock = RLock()

    @property
    def is_training(self) -> bool:
        """Whether steps are taken."""
        return self.status.state == "running"

    def subscribe(self, listener: Callable[[Status], object]) -> Callable[[], None]:
        """Hear of every change of state, on the thread that changes it; the result, called, ends that."""
        return self._listeners.subscribe(listener)

    def tell(self, state: State, **changes: Any) -> None:
        """Replace the status and announce it.

        A training begins only after whoever reads or measures the model at rest is done; where it ends, the commands
        that still wait are seen to.
        """
        with self._lock:
            has_ended = self.is_training and state != "running"
            self.status = replace(self.status, state=state, commands=offered(self.capabilities, state), **changes)
        self._listeners.notify(self.status)
        if has_ended and self._watches.is_owed:
            self.queue.put(Look())
        if has_ended and len(self.queue):
            self._wake()
        if state != "running":
            self._vigil.wake()

    def has_changed(self) -> bool:
        """Whether the model at rest is no longer the one that was measured; any thread may ask."""
        return self._is_stale is not None and self.at_rest(self._is_stale, lambda: False)

    def is_behind(self) -> bool:
        """Whether at rest something waits to be measured, or the model is no longer the one that was."""
        return not self.is_training and (self.queue.is_busy or self._watches.is_asked or self.has_changed())

    def at_rest(self, read: Callable[[], Value], otherwise: Callable[[], Value]) -> Value:
        """What `read` gives while nothing trains, and nothing begins to meanwhile; else what `otherwise` gives."""
        if self.is_training:
            return otherwise()
        with self._lock:
            return otherwise() if self.is_training else read()

    def post(self, command: Command, check: Callable[[Sequence[Command]], None] = lambda _: None) -> None:
        """Put a command on the queue. Any thread may call this.

        Args:
            command: What to do.
            check: Called with the commands that wait or are being obeyed, none of which goes or comes before this one
                is on the queue; raises to keep it off.

        Raises:
            CommandError: If it is not accepted or a value is out of range; then nothing is put on the queue.
        """
        if not is_accepted(command, self.capabilities):
            raise CommandError(self._refusal.format(command=type(command).__name__))
        self._check(command)
        check_arguments(command)
        self.queue.put(command, check)

    def obey(self) -> None:
        """Carry out the commands that wait, on the thread that trains."""
        while (command := self.queue.take()) is not None:
            self._carry_out(command)
        self._answer()

    def obey_at_rest(self) -> None:
        """Carry out the commands that wait, on a thread beside one that may begin to train; that one gets the rest."""
        while True:
            with self._lock:
                if self.is_training or (command := self.queue.take()) is None:
                    return
                self._carry_out(command)

    def _carry_out(self, command: Command) -> None:
        """Obey a command; the last one that waits is over when those who asked at rest are answered."""
        name = kind_of(command).name or type(command).__name__
        self._attempt(name, lambda: self._handlers[type(command)](command))
        self._answer()

    def _answer(self) -> None:
        if self._watches.is_asked and not self.is_training and not len(self.queue):
            self._attempt("a look", self._look)
            self._watches.is_asked = False

    def _attempt(self, name: str, act: Callable[[], None]) -> None:
        """What fails changes no state: it is told as a problem and a warning, once."""
        try:
            act()
        except Exception as error:
            reason = str(error) if isinstance(error, CommandError) else f"{type(error).__name__}: {error}"
            if self.status.state != "failed":
                problem = Problem(f"{name} was not carried out: {reason}", traceback.format_exc())
                self.tell(self.status.state, problem=problem)
            warnings.warn(
                f"nnvis_widget did not carry out {name}: {reason} Everything else goes on.",
                RuntimeWarning,
                stacklevel=2,
            )

    def _watch(self, watch: Watch) -> None:
        self._watches.watch(watch)
        if not self.is_training:  # the model may have changed since
            self._watches.is_asked = True
        self._vigil.wake()

    def _look_again(self, look: Look) -> None:
        if look.is_anew:
            self._renew()
        self._watches.is_asked = True

    def _look_after(self) -> None:
        look = Look()
        self.post(look)
        while self.queue.is_pending(look) and not self.is_training:
            sleep(POLL_S)

    def _is_shown_at_rest(self) -> bool:
        return self._is_stale is not None and not self.is_training and self._watches.is_seen

    def _unwatch(self, unwatch: Unwatch) -> None:
        self._watches.unwatch(unwatch.view)
