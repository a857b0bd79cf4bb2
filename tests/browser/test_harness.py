from __future__ import annotations

import os
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
import pytest
from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpecManager
from playwright.sync_api import Page, expect

from ..limits import PATIENCE_S
from .lab_page import LabPage
from .page_log import PageLog
from .processes import wait_until
from .sample_notebooks import DOUBLER, SLIDER
from .servers import VoilaServer
from .voila_page import VoilaPage

NewNotebook = Callable[..., str]
SEEN = r"(?s)Traceback|error when executing cell"


def expect_slider_and_round_trip(page: Page) -> None:
    expect(page.get_by_role("slider")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Double 21").click()
    expect(page.get_by_role("status", name="Answer")).to_have_text("42")


def test_widgets_work_in_jupyterlab_and_a_cell_that_raises_is_seen(
    lab: LabPage, new_notebook: NewNotebook, page_log: PageLog
) -> None:
    warning = "import sys; print('only a warning', file=sys.stderr)"
    lab.open(new_notebook(SLIDER, DOUBLER, "6 * 7", warning, "1 / 0"), mode="lab")
    lab.run_cell(2)
    expect(lab.output(2)).to_have_text("42")
    with pytest.raises(AssertionError, match=SEEN):
        lab.run_all()
    expect_slider_and_round_trip(lab.page)
    assert not page_log.outside
    assert not page_log.errors


def test_widgets_work_in_voila_and_a_cell_that_raises_is_seen(
    voila_page: VoilaPage, new_notebook: NewNotebook, page_log: PageLog
) -> None:
    with pytest.raises(AssertionError, match=SEEN):
        voila_page.open(new_notebook(SLIDER, DOUBLER, "1 / 0"))
    expect_slider_and_round_trip(voila_page.page)
    assert not page_log.outside
    assert not page_log.errors


def test_widgets_work_in_a_preheated_voila_whose_page_ends_its_kernel_and_a_cell_that_raises_is_seen(
    page: Page, preheated_voila: Callable[..., VoilaServer], new_notebook: NewNotebook, page_log: PageLog
) -> None:
    server = preheated_voila(new_notebook(SLIDER, DOUBLER, "1 / 0"), theme="dark", is_own=True)
    hosts = ("localhost", "127.0.0.1", "[::1]", "stranger.example")
    assert [is_refused(server.base_url, host) for host in hosts] == [False, False, False, True]
    assert "nnvis: a cell failed (cell 3): division by zero" in server.log.read_text()
    opened = VoilaPage(page, server)
    with pytest.raises(AssertionError, match=SEEN):
        opened.open()
    expect_slider_and_round_trip(page)
    assert not page_log.errors
    assert f"Using pre-heated kernel: {opened.kernel_id}" in server.log.read_text()
    opened.leave()


def test_a_forged_kernel_has_the_folder_the_environment_and_the_signals_of_any_other(
    kernels: Path, tmp_path: Path
) -> None:
    specs = KernelSpecManager(kernel_dirs=[str(kernels / "kernels")])
    manager = KernelManager(kernel_spec_manager=specs)
    manager.start_kernel(cwd=str(tmp_path), env={**os.environ, "NNVIS_ONE": "1"})
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=PATIENCE_S)

    def said(code: str, answer: Callable[[], object] = lambda: None) -> list[str]:
        """What a cell prints, in words; `answer` is called once, after the first piece of it."""
        pieces: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            if message["header"]["msg_type"] == "stream":
                pieces.append(message["content"]["text"])
                if len(pieces) == 1:
                    answer()

        client.execute_interactive(code, output_hook=hear, timeout=PATIENCE_S)
        return "".join(pieces).split()

    assert said("import os, sys; print(os.getcwd(), os.environ['NNVIS_ONE'])") == [str(tmp_path), "1"]
    assert said("print('tensorflow' in sys.modules)") == ["True"]
    sleeping = "import time\ntry: print('asleep', flush=True); time.sleep(60)\nexcept KeyboardInterrupt: print('awake')"
    assert said(sleeping, manager.interrupt_kernel) == ["asleep", "awake"]
    (pid,) = said("print(os.getpid())")
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    wait_until(lambda: not psutil.pid_exists(int(pid)), "the end of a kernel whose server killed it")


def is_refused(address: str, host: str) -> bool:
    """Whether a kernel's address is closed to who calls this machine by another name, as a stranger's page would."""
    name, port = address.removeprefix("http://").split(":")
    connection = HTTPConnection(name, int(port), timeout=PATIENCE_S)
    connection.request("GET", "/api/kernels/none", headers={"Host": f"{host}:{port}"})
    status = connection.getresponse().status
    connection.close()
    return status == HTTPStatus.FORBIDDEN
