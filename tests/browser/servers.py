from __future__ import annotations

import json
import os
import secrets
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from nnvis_widget.demo.voila_server import FAILED, READY

from .processes import free_port, running, wait_until, wait_until_serving

# In an order that leaves JupyterLab light, as it was.
LAB_THEMES = {"dark": "JupyterLab Dark", "light": "JupyterLab Light"}


@dataclass(frozen=True)
class LabServer:
    """A JupyterLab that serves `folder`."""

    base_url: str
    token: str
    folder: Path
    log: Path

    def url(self, notebook: str, mode: str = "doc") -> str:
        """Address of a notebook, alone (mode "doc") or in the whole of JupyterLab ("lab"); old layouts are dropped."""
        return f"{self.base_url}/{mode}/tree/{quote(notebook)}?reset&token={self.token}"

    def kernels(self) -> list[dict[str, object]]:
        answer = _get(f"{self.base_url}/api/kernels?token={self.token}")
        kernels: list[dict[str, object]] = json.loads(answer or b"[]")
        return kernels

    def end_kernels(self) -> None:
        for kernel in self.kernels():
            _get(f"{self.base_url}/api/kernels/{kernel['id']}?token={self.token}", method="DELETE")


class StartLab(Protocol):
    """The fixture `start_jupyterlab`."""

    def __call__(self, *, saves_widgets: bool = False) -> LabServer: ...


@dataclass(frozen=True)
class VoilaServer:
    """A Voilà that serves the notebooks of `folder`, or only `notebook`, with a kernel that has already run it."""

    base_url: str
    folder: Path
    log: Path
    notebook: str | None = None

    def wait_until_preheated(self, count: int) -> None:
        """Wait until this many kernels have run the notebook since the server started."""
        wait_until(lambda: self.log.read_text(errors="replace").count(READY) >= count, f"{count} preheated kernels")

    def url(self, notebook: str | None = None, theme: str | None = None) -> str:
        """Address of a notebook; a theme other than the server's own makes a preheated kernel useless."""
        name = notebook or self.notebook
        if name is None:
            raise ValueError("This Voilà serves a folder: name the notebook.")
        path = "/" if self.notebook else f"/voila/render/{quote(name)}"
        return self.base_url + path + (f"?theme={theme}" if theme else "")


@contextmanager
def kernel_forge(state: Path) -> Iterator[Path]:
    """Fork kernels from a process that has imported all; the servers find them in the folder that comes back."""
    address = state / "forge"
    script = Path(__file__).with_name("kernel_forge.py")
    begun_by = [sys.executable, "-I", "-S", str(script), str(address), "-f", "{connection_file}"]
    spec = {"argv": begun_by, "display_name": "Python 3 (ipykernel)", "language": "python"}
    file = state / "kernels/python3/kernel.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(spec))
    command = [sys.executable, str(script), str(address)]
    with running(command, state / "forge.log", jupyter_environment(state)):
        yield state


@contextmanager
def jupyterlab_server(
    folder: Path, state: Path, kernels: Path | None = None, *, saves_widgets: bool = False
) -> Iterator[LabServer]:
    """Start JupyterLab, light, with settings, data and runtime files of its own under `state`.

    Without `kernels` they are the environment's own. `saves_widgets`: a saved notebook holds the state of its widgets.
    """
    port = free_port()
    token = secrets.token_hex(16)
    log = state / "jupyterlab.log"
    env = jupyter_environment(state, kernels)
    _write_lab_settings(Path(env["JUPYTERLAB_SETTINGS_DIR"]), saves_widgets)
    command = [
        sys.executable,
        *("-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"),
        f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.port_retries=0",
        "--LabApp.news_url=None",
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    base_url = f"http://127.0.0.1:{port}"
    with running(command, log, env, cwd=folder) as process:
        wait_until_serving(process, log, lambda: _answers(f"{base_url}/api/status?token={token}"), "JupyterLab")
        yield LabServer(base_url, token, folder, log)


@contextmanager
def voila_server(folder: Path, state: Path, kernels: Path) -> Iterator[VoilaServer]:
    """Start Voilà on a folder; every page gets a new kernel and runs the whole notebook."""
    port = free_port()
    log = state / "voila.log"
    command = [
        sys.executable,
        *("-m", "voila", str(folder), "--no-browser", f"--port={port}"),
        *("--Voila.ip=127.0.0.1", "--Voila.port_retries=0", "--show_tracebacks=True"),
        # Lets a page that is left end its kernel; see nnvis_widget/demo/voila_server.py.
        "--Voila.tornado_settings={'disable_check_xsrf': True}",
        "--VoilaConfiguration.extension_denylist=['@jupyter-notebook/lab-extension']",  # fails in Voilà 0.5.13
    ]
    base_url = f"http://127.0.0.1:{port}"
    with running(command, log, jupyter_environment(state, kernels), cwd=folder) as process:
        wait_until_serving(process, log, lambda: _answers(f"{base_url}/voila/static/voila.js"), "Voilà")
        yield VoilaServer(base_url, folder, log)


@contextmanager
def demo_server(
    notebook: Path, state: Path, kernels: Path | None, theme: str | None = "light"
) -> Iterator[VoilaServer]:
    """Start the Voilà of `nnvis demo` on one notebook and wait until its preheated kernel has run all cells.

    Without `kernels` it is the environment's own kernel, as a person has it.
    """
    port = free_port()
    log = state / "demo.log"
    command = [
        sys.executable,
        "-m",
        "nnvis_widget.demo.voila_server",
        str(notebook),
        "--port",
        str(port),
        *(["--theme", theme] if theme else []),
    ]
    with running(command, log, jupyter_environment(state, kernels), cwd=notebook.parent) as process:
        wait_until(
            lambda: (
                process.poll() is not None or any(word in log.read_text(errors="replace") for word in (READY, FAILED))
            ),
            f"{notebook.name}: a preheated kernel",
        )
        if process.poll() is not None:
            raise RuntimeError(f"The demo server ended with {process.returncode}:\n{log.read_text(errors='replace')}")
        yield VoilaServer(f"http://127.0.0.1:{port}", notebook.parent, log, notebook.name)


def jupyter_environment(state: Path, kernels: Path | None = None) -> dict[str, str]:
    """The present environment with every folder that Jupyter and IPython write to moved under `state`."""
    folders = {} if kernels is None else {"JUPYTER_PATH": kernels}
    folders |= {
        "JUPYTER_CONFIG_DIR": state / "config",
        "JUPYTER_DATA_DIR": state / "data",
        "JUPYTER_RUNTIME_DIR": state / "runtime",
        "TMPDIR": state / "tmp",  # where Voilà has the connection files of its kernels
        "JUPYTERLAB_SETTINGS_DIR": state / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": state / "workspaces",
        "IPYTHONDIR": state / "ipython",
    }
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    quiet = {"PYDEVD_DISABLE_FILE_VALIDATION": "1", "PYTHONUNBUFFERED": "1"}
    # as a person's: how quiet TensorFlow is, is the package's matter
    own = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    return {**own, **{name: str(folder) for name, folder in folders.items()}, **quiet}


def _write_lab_settings(folder: Path, saves_widgets: bool) -> None:
    settings: dict[str, dict[str, object]] = {
        "jupyter-widgets/jupyterlab-manager/plugin": {"saveState": saves_widgets},
        "jupyterlab/apputils-extension/themes": {"theme": LAB_THEMES["light"], "adaptive-theme": False},
        "jupyterlab/apputils-extension/notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
            "doNotDisturbMode": True,
        },
        # Off-screen cells stay in the page, so that a test finds them by role.
        "jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
        "jupyterlab/docmanager-extension/plugin": {"autosave": False},
    }
    for name, values in settings.items():
        file = folder / f"@{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))


def _answers(url: str) -> bool:
    return _get(url) is not None


def _get(url: str, method: str = "GET") -> bytes | None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, method=method), timeout=5) as answer:
            body: bytes = answer.read()
            return body
    except (OSError, urllib.error.URLError):
        return None
