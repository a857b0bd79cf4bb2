"""What a person does again and again leaves the memory as it was, and of many visitors each has a share."""

from __future__ import annotations

import re
from collections.abc import Callable

import psutil
import pytest
from playwright.sync_api import Page, expect

from ..limits import size
from .conftest import OpenPage
from .lab_page import LabPage
from .models import MOONS
from .network_page import NetworkPage
from .page_log import PageLog
from .servers import VoilaServer
from .voila_page import VoilaPage

RUNS, WARM_UP = size(7, 30), 3
MOST_GROWTH = 30 * 2**20
VISITORS = size(2, 10)
MOST_OF_A_VISITOR = 1.2 * 2**30
LOOKS = 3

TRAINED = """
trainer.run_steps(20)
trainer.wait()
"""
DASHBOARD = """
dashboard = nv.Dashboard(trainer)
dashboard
"""
MEMORY = """
import gc, psutil
gc.collect()
print("memory", psutil.Process().memory_info().rss)
"""
KERNEL = """
import os
print("kernel", os.getpid())
"""


@pytest.mark.timeout(1800)
def test_run_all_again_and_again_leaves_the_memory_of_page_and_kernel_as_it_was(
    lab: LabPage, new_notebook: Callable[..., str], page_log: PageLog
) -> None:
    lab.open(new_notebook(MOONS, TRAINED, DASHBOARD, MEMORY))
    network = NetworkPage(lab.page)
    taken = []
    for _ in range(RUNS):
        lab.run_all()
        network.wait_until_drawn()
        expect(network.training_time).to_have_attribute("aria-valuenow", "20")
        taken.append((memory_of(lab.page), number(lab.output(3).inner_text(), "memory")))
    for of, sizes in zip(("page", "kernel"), zip(*taken, strict=True), strict=True):
        grown = max(sizes[WARM_UP:]) - sizes[WARM_UP - 1]
        assert grown < MOST_GROWTH, f"the {of} has grown by {grown / 2**20:.0f} MiB: {sizes}"
    assert not page_log.errors


@pytest.mark.timeout(900)
def test_visitors_at_once_have_each_a_share(
    preheated_voila: Callable[..., VoilaServer], open_page: OpenPage, new_notebook: Callable[..., str]
) -> None:
    server = preheated_voila(new_notebook(MOONS, KERNEL, DASHBOARD))
    visits = [VoilaPage(open_page(), server) for _ in range(VISITORS)]
    networks = [NetworkPage(visit.page) for visit in visits]
    for visit, network in zip(visits, networks, strict=True):
        visit.open()
        network.wait_until_drawn()
    for network in networks:
        network.train()
    before = [network.wait_until_step_after(0) for network in networks]
    for _ in range(LOOKS):
        after = [network.wait_until_step_after(network.shown_step()) for network in networks]
    steps = [one - other for one, other in zip(after, before, strict=True)]
    assert min(steps) >= sum(steps) / len(steps) / 2, steps
    for visit in visits:
        kernel = psutil.Process(number(visit.page.locator("body").inner_text(), "kernel"))
        assert kernel.memory_info().rss < MOST_OF_A_VISITOR
        visit.leave()


def memory_of(page: Page) -> int:
    """Bytes that the scripts of a page hold, buffers and the page's own elements too."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    usage = session.send("Runtime.getHeapUsage")
    session.detach()
    return int(usage["usedSize"] + usage.get("embedderHeapUsedSize", 0) + usage.get("backingStorageSize", 0))


def number(text: str, name: str) -> int:
    """The whole number that was printed behind a name."""
    found = re.search(rf"{name} (\d+)", text)
    assert found is not None, f"no {name} in {text[:500]!r}"
    return int(found[1])
