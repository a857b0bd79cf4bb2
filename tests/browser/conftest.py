from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ..limits import PATIENCE_S
from .chromium import chromium
from .demo_page import DemoPage
from .joined_page import JoinedPage
from .kernel_stand_in import KernelStandIn, kernel_stand_in
from .lab_page import LabPage
from .page_log import PageLog
from .sample_notebooks import write_notebook
from .scene_page import OpenDemo, ScenePage, build_demo
from .servers import LabServer, StartLab, VoilaServer, demo_server, jupyterlab_server, kernel_forge, voila_server
from .voila_page import VoilaPage

ROOT = Path(__file__).parents[2]
SHOTS = Path(__file__).parent / "shots"
VIEWPORT = {"width": 1280, "height": 900}

FAILED = pytest.StashKey[bool]()


class OpenPage(Protocol):
    def __call__(self, *, dark: bool = False, reduced_motion: bool = False) -> Page: ...


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    for node in item.listchain():  # pages may stay open for a module
        node.stash[FAILED] = node.stash.get(FAILED, False) or report.failed
    return report


# Package scope, not session: Playwright's sync API keeps an asyncio loop running in this thread while it lives.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=1_000 * PATIENCE_S)
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def notebooks_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the servers serve: copies of the project's notebooks, and those written by `new_notebook`."""
    folder = tmp_path_factory.mktemp("notebooks")
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(notebook, folder)
    return folder


@pytest.fixture
def new_notebook(notebooks_folder: Path, request: pytest.FixtureRequest) -> Callable[..., str]:
    """new_notebook("code of cell 1", "code of cell 2") writes a notebook and returns its file name."""

    def write(*cells: str) -> str:
        name = f"{_file_name(request.node.nodeid)}.ipynb"
        write_notebook(notebooks_folder / name, list(cells))
        return name

    return write


@pytest.fixture(scope="package")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the servers find kernels that need not import TensorFlow."""
    with kernel_forge(tmp_path_factory.mktemp("forge")) as folder:
        yield folder


@pytest.fixture(scope="package")
def start_jupyterlab(
    notebooks_folder: Path, kernels: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartLab]:
    """start_jupyterlab() gives the one JupyterLab of that kind, started when it is first asked for."""
    started: dict[bool, LabServer] = {}
    with ExitStack() as servers:

        def start(*, saves_widgets: bool = False) -> LabServer:
            if saves_widgets not in started:
                state = tmp_path_factory.mktemp("jupyterlab")
                server = jupyterlab_server(notebooks_folder, state, kernels, saves_widgets=saves_widgets)
                started[saves_widgets] = servers.enter_context(server)
            return started[saves_widgets]

        yield start


@pytest.fixture(scope="package")
def jupyterlab(start_jupyterlab: StartLab) -> LabServer:
    return start_jupyterlab()


@pytest.fixture(scope="package")
def voila(notebooks_folder: Path, kernels: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[VoilaServer]:
    with voila_server(notebooks_folder, tmp_path_factory.mktemp("voila"), kernels) as server:
        yield server


@pytest.fixture
def preheated_voila(
    notebooks_folder: Path, kernels: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., VoilaServer]]:
    """preheated_voila("name.ipynb", theme="dark") starts the Voilà of `nnvis demo` on one notebook.

    `is_own`: with the environment's own kernel, which imports all that it needs itself.
    """
    with ExitStack() as servers:

        def start(notebook: str, theme: str | None = "light", *, is_own: bool = False) -> VoilaServer:
            state = tmp_path_factory.mktemp("demo")
            server = demo_server(notebooks_folder / notebook, state, None if is_own else kernels, theme)
            return servers.enter_context(server)

        yield start


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """open_page(dark=…) opens one more page; each has cookies of its own, and a screenshot when the test fails."""
    with opened_pages(browser, request) as open_one:
        yield open_one


@pytest.fixture(scope="module")
def open_lasting_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """As `open_page`, for a page that the tests of a module go through one after the other."""
    with opened_pages(browser, request) as open_one:
        yield open_one


@contextmanager
def opened_pages(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    contexts: list[BrowserContext] = []

    def open_one(*, dark: bool = False, reduced_motion: bool = False) -> Page:
        context = browser.new_context(
            viewport=VIEWPORT,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if reduced_motion else "no-preference",
        )
        context.set_default_timeout(1_000 * PATIENCE_S)
        contexts.append(context)
        return context.new_page()

    yield open_one
    pages = [page for context in contexts for page in context.pages]
    if request.node.stash.get(FAILED, False):
        SHOTS.mkdir(exist_ok=True)
        for number, page in enumerate(pages):
            page.screenshot(path=SHOTS / f"{_file_name(request.node.nodeid)}-{number}.png")
    for context in contexts:
        context.close()


@pytest.fixture(scope="package")
def demo_bundles(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> None:
    """The demo pages, bundled once for all workers."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent
    with (folder / "demo_bundles").open("a+") as built:
        flock(built, LOCK_EX)
        if built.tell() == 0:
            build_demo()
            built.write("built")


@pytest.fixture
def open_demo(browser: Browser, demo_bundles: None) -> Iterator[OpenDemo]:
    contexts: list[BrowserContext] = []

    def open_one(scene: str, context: dict[str, Any] | None = None, **options: str) -> ScenePage:
        contexts.append(browser.new_context(**{"viewport": {"width": 1400, "height": 900}, **(context or {})}))
        contexts[-1].set_default_timeout(1_000 * PATIENCE_S)
        demo = ScenePage(contexts[-1].new_page())
        demo.open(scene, **options)
        return demo

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def demo(page: Page, demo_bundles: None) -> Iterator[DemoPage]:
    """A scene to be opened; a test fails where its page logged an error."""
    log = PageLog(page)
    yield DemoPage(page)
    assert not log.errors


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture
def page_log(page: Page) -> PageLog:
    """Console errors and uncaught exceptions of `page`; a test ends with `assert not page_log.errors`."""
    return PageLog(page)


@pytest.fixture(scope="package")
def kernel() -> Iterator[KernelStandIn]:
    with kernel_stand_in() as kernel:
        yield kernel


@pytest.fixture
def joined(page: Page, kernel: KernelStandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[JoinedPage]:
    """A bare page for views that are made in the test itself."""
    monkeypatch.setattr("comm.create_comm", kernel.create_comm)
    joined = JoinedPage(page, kernel)
    yield joined
    joined.close()


@pytest.fixture
def lab(page: Page, jupyterlab: LabServer) -> Iterator[LabPage]:
    """`page` with JupyterLab; its kernels end with the test."""
    yield LabPage(page, jupyterlab)
    jupyterlab.end_kernels()


@pytest.fixture
def voila_page(page: Page, voila: VoilaServer) -> Iterator[VoilaPage]:
    """`page` with Voilà; its kernel ends with the test."""
    opened = VoilaPage(page, voila)
    yield opened
    if page.url.startswith(voila.base_url):
        opened.leave()


def _file_name(nodeid: str) -> str:
    return re.sub(r"\W+", "_", nodeid.removeprefix("tests/browser/")).strip("_")
