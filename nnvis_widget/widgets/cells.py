"""A notebook cell that is run again frees what its last run made."""

from __future__ import annotations

import gc
import logging
import re
import sys
import threading
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import comm
import ipywidgets

from nnvis_widget.run.listeners import Listeners
from nnvis_widget.widgets.ownership import is_own

MOST_LOOKED_AT = 300_000
LIBRARIES = ("IPython", "asyncio", "comm", "ipykernel", "jax", "jaxlib", "tensorflow", "torch", "tornado", "zmq")
"""What these hold is not a person's; the kernel holds every widget."""
HISTORY = re.compile(r"_{1,3}|_i{1,3}|_i?\d+|_[iod]h|In|Out")
"""Names by which IPython, not the person, keeps what cells gave."""

log = logging.getLogger("nnvis_widget")


@dataclass(frozen=True)
class Execution:
    """One run of a cell."""

    cell: str
    request: str


@dataclass
class Made:
    """What was made in an execution, and where else it was shown."""

    thing: weakref.ref[Any]
    where: Execution
    shown: set[Execution | None] = field(default_factory=set)


class Cells:
    """What the cells of one notebook have made.

    After a cell was run again, what its run before made is closed, unless the person can still reach it: by a name,
    from anything that has a name, from the output of another cell, or in a box of theirs. Where the host does not tell
    which cell runs (JupyterLab, Notebook and VS Code do), nothing is closed.

    Args:
        shell: IPython's, which holds this.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._made: list[Made] = []
        self._newest: dict[str, Execution] = {}
        self._outputs: dict[int, Execution] = {}
        self._boxes: dict[Execution, weakref.WeakSet[Any]] = {}
        shell.events.register("post_run_cell", self.after_cell)

    def note(self, thing: Any) -> None:
        """Something was made, or shown, in the cell that runs now."""
        where = self._here()
        known = next((made for made in self._made if made.thing() is thing), None)
        if known is not None:
            known.shown.add(where)
        elif where is not None:
            self._made.append(Made(weakref.ref(thing), where))

    def after_cell(self, result: Any) -> None:
        """Called by IPython after each cell; an error here is none of the person's."""
        try:
            self._end(self._here(), result.execution_count)
        except Exception:
            log.info("what a cell made before was not freed", exc_info=True)

    def _end(self, here: Execution | None, count: int | None) -> None:
        if here is None:
            return
        is_again = here.cell in self._newest
        self._newest[here.cell] = here
        if count is not None:
            self._outputs[count] = here
        self._made = [made for made in self._made if (thing := made.thing()) is not None and thing.comm is not None]
        if any(made.where == here for made in self._made):
            self._boxes[here] = weakref.WeakSet(_boxes())
        old = [made for made in self._made if self._newest.get(made.where.cell) != made.where]
        if not is_again or not old:
            return
        kept = _reached([made.thing() for made in old], self._roots(old), self._shell)
        for made in old:
            thing = made.thing()
            if thing is not None and id(thing) not in kept:
                log.debug("cell %s was run again: %r is closed", made.where.cell, thing)
                thing.close()
        self._boxes = {where: boxes for where, boxes in self._boxes.items() if self._newest[where.cell] == where}

    def _roots(self, old: list[Made]) -> Iterator[Any]:
        """What a person has: names, other cells' outputs, what other cells made, their boxes and threads."""
        names = self._shell.user_ns
        yield from (value for name, value in names.items() if not HISTORY.fullmatch(name))
        for count, value in names.get("Out", {}).items():
            where = self._outputs.get(count)
            if where is None or self._newest.get(where.cell) == where:
                yield value
        for made in self._made:
            if made not in old or any(self._is_elsewhere(where, made.where.cell) for where in made.shown):
                yield made.thing()
        known = {box for made in old for box in self._boxes.get(made.where, ())}
        yield from (box for box in _boxes() if box not in known)
        yield from (thread for thread in threading.enumerate() if not thread.name.startswith("nnvis"))

    def _is_elsewhere(self, where: Execution | None, cell: str) -> bool:
        return where is None or (where.cell != cell and self._newest.get(where.cell) == where)

    def _here(self) -> Execution | None:
        parent = self._shell.get_parent() or {}
        cell, header = (parent.get("metadata") or {}).get("cellId"), parent.get("header") or {}
        if not isinstance(cell, str) or header.get("msg_type") != "execute_request":
            return None
        return Execution(cell, str(header.get("msg_id")))


def note(thing: Any) -> None:
    """A widget was made or shown; where a notebook tells which cell runs, running that again closes the widget."""
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython else None
    if not hasattr(shell, "get_parent"):
        return
    hooks = (getattr(hook, "__self__", None) for hook in shell.events.callbacks["post_run_cell"])
    cells = next((one for one in hooks if isinstance(one, Cells)), None) or Cells(shell)
    cells.note(thing)


class ShownInCell:
    """A widget that notes in which cell it is shown; for classes of widgets, before the widget's."""

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        note(self)
        return super()._repr_mimebundle_(**kwargs)  # type: ignore[misc]


def _boxes() -> list[Any]:
    """The open boxes that are none of ours: a comm holds the widget whose method answers it.

    Never by `gc.get_objects`: that holds tuples which other threads are still building, and ends their training.
    """
    comms = list(comm.get_comm_manager().comms.values())
    widgets = [getattr(held, "__self__", None) for one in comms for held in list(vars(one).values())]
    return [box for box in widgets if isinstance(box, ipywidgets.Box) and box.comm is not None and not is_own(box)]


def _reached(things: Iterable[Any], roots: Iterable[Any], shell: Any) -> set[int]:
    """Which of the things are found from the roots, not by way of the shell or of a function's globals.

    All of them where that is too much to look through.
    """
    wanted = {id(thing) for thing in things}
    globals_of = {id(vars(module)) for module in list(sys.modules.values()) if isinstance(module, ModuleType)}
    passed_over = globals_of | {id(shell), id(shell.user_ns)}
    seen = set(passed_over)
    waiting = [root for root in roots if gc.is_tracked(root)]
    while waiting and not wanted <= seen:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if len(seen) - len(passed_over) > MOST_LOOKED_AT:
            return wanted
        if _is_followed(one):
            waiting += [inner for inner in gc.get_referents(one) if gc.is_tracked(inner) and id(inner) not in seen]
    return wanted & seen


def _is_followed(one: Any) -> bool:
    """Whether what an object holds may be the person's: not so for what listens, for modules and for libraries."""
    kind = type(one)  # not isinstance: a proxy of what is gone would raise
    if issubclass(kind, ModuleType | Listeners | weakref.ref):
        return False
    home = one.__module__ if issubclass(kind, type) else kind.__module__
    return home == "__main__" if issubclass(kind, type) else str(home).partition(".")[0] not in LIBRARIES
