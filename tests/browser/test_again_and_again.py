"""What a person does again and again leaves the kernel's memory as it was; of many visitors each has a share."""

from __future__ import annotations

import re
from collections.abc import Callable

import psutil
import pytest

from ..limits import size
from .conftest import OpenPage
from .lab_page import LabPage
from .models import MOONS
from .network_page import NetworkPage
from .page_log import PageLog
from .processes import wait_until
from .servers import VoilaServer
from .voila_page import VoilaPage

RUNS, WARM_UP = size(5, 30), 3
MOST_GROWTH = 30 * 2**20
VISITORS = size(2, 10)
MOST_OF_A_VISITOR = 1.2 * 2**30
STEPS = size(400, 3_000)

DASHBOARD = """
dashboard = nv.Dashboard(trainer)
dashboard
"""
MEMORY = """
import gc, psutil
gc.collect()
print("memory", psutil.Process().memory_info().rss)
"""
ENDLESS = """
import os
from pathlib import Path

trainer = nv.Trainer(model, data, epochs=10**6)
told, new = Path(f"{os.getpid()}.step"), Path(f"{os.getpid()}.new")
told.write_text("0")

def tell(status):
    new.write_text(str(status.moment.step))
    new.replace(told)

trainer.subscribe(tell)
print("kernel", os.getpid())
"""


@pytest.mark.timeout(1800)
def test_run_all_again_and_again_leaves_the_memory_of_the_kernel_as_it_was(
    lab: LabPage, new_notebook: Callable[..., str], page_log: PageLog
) -> None:
    # No cell trains: of each `fit` of a new model TensorFlow keeps some 10 MiB, also where nobody looks.
    lab.open(new_notebook(MOONS, DASHBOARD, MEMORY))
    network = NetworkPage(lab.page)
    sizes = []
    for _ in range(RUNS):
        lab.run_all()
        network.wait_until_drawn()
        sizes.append(number(lab.output(2).inner_text(), "memory"))
    grown = max(sizes[WARM_UP:]) - sizes[WARM_UP - 1]
    assert grown < MOST_GROWTH, f"grown by {grown / 2**20:.0f} MiB: {sizes}"
    assert not page_log.errors


def test_visitors_at_once_have_each_a_share(
    preheated_voila: Callable[..., VoilaServer], open_page: OpenPage, new_notebook: Callable[..., str]
) -> None:
    server = preheated_voila(new_notebook(MOONS, ENDLESS, DASHBOARD))
    visits, kernels = [], []
    for _ in range(VISITORS):
        visits.append(VoilaPage(open_page(), server))
        visits[-1].open()
        kernels.append(number(visits[-1].page.locator("body").inner_text(), "kernel"))
    for visit in visits:
        NetworkPage(visit.page).train_button.click()

    def steps() -> list[int]:
        """Past the pages: each of a person's has a machine of its own."""
        return [int((server.folder / f"{kernel}.step").read_text()) for kernel in kernels]

    def taken() -> list[int]:
        before = steps()
        wait_until(lambda: sum(steps()) - sum(before) > STEPS * VISITORS, "steps of the visitors' networks")
        return [one - other for one, other in zip(steps(), before, strict=True)]

    wait_until(lambda: min(steps()) > 0, "a step of each visitor's network")
    # 400 steps take half a second, in which other work of the machine can hold one of them up
    wait_until(lambda: min(found := taken()) >= sum(found) / VISITORS / 2, "a fair share of each visitor")
    assert max(psutil.Process(kernel).memory_info().rss for kernel in kernels) < MOST_OF_A_VISITOR


def number(text: str, name: str) -> int:
    """The whole number that was printed behind a name."""
    found = re.search(rf"{name} (\d+)", text)
    assert found is not None, f"no {name} in {text[:500]!r}"
    return int(found[1])
