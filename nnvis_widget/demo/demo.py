"""Open a notebook of ours in Voilà, preheated, or in JupyterLab, and stay until the user ends it."""

from __future__ import annotations

import json
import os
import secrets
import socket
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from nnvis_widget.demo.child import Child, ended, serving
from nnvis_widget.demo.voila_server import FAILED, READY
from nnvis_widget.errors import MissingExtraError, NnvisError

HOST = "127.0.0.1"
FIRST_PORT = 8866
PORTS_TRIED = 50
READY_TIMEOUT_S = 180.0

OPEN_TO_ALL = (
    "Public: every machine that reaches port {port} of this one may open the page, without a password. Each visitor "
    "gets a kernel with the rights of your account; the page offers no code to edit, but treat it as open to them. "
    "Ctrl-C closes it."
)

Say = Callable[[str], object]


def open_in_voila(notebook: Path, port: int, theme: str | None, say: Say, show: Say, is_public: bool = False) -> int:
    """Serve the notebook as a page; `show` gets its address once a kernel has run it.

    Only to this machine, unless it `is_public`: then to all that reach the port, which is said. Without a `theme` the
    page has that of the reader's system, until another is chosen on it.
    """
    require("voila", "nnvis demo")
    command = [
        sys.executable,
        *("-m", "nnvis_widget.demo.voila_server", str(notebook), "--port", str(port)),
        *(["--theme", theme] if theme else []),
        *(["--public"] if is_public else []),
    ]
    if is_public:
        say(OPEN_TO_ALL.format(port=port))
    url = f"http://{HOST}:{port}/"
    say(f"Starting {notebook.name} in Voilà; loading TensorFlow takes about ten seconds.")

    def has_run(lines: list[str]) -> bool:
        for line in lines:
            if line.startswith(FAILED):
                say(line)
        return any(line.startswith((READY, FAILED)) for line in lines)

    with serving(command) as child:
        if not child.wait_for(has_run, READY_TIMEOUT_S):
            say(f"The notebook is still running after {READY_TIMEOUT_S:.0f} s; the page opens all the same.")
        return _stay(child, url, say, show)


def open_in_lab(notebook: Path, port: int, theme: str | None, say: Say, show: Say) -> int:
    """Open the notebook in JupyterLab; `show` gets its address once the server answers.

    `theme` is only the default of this server: a theme that the user has chosen in JupyterLab stays.
    """
    require("jupyterlab", "nnvis demo --lab")
    token = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="nnvis-") as settings:
        command = [
            sys.executable,
            *("-m", "jupyterlab", "--no-browser", f"--port={port}", f"--ServerApp.ip={HOST}"),
            *("--ServerApp.port_retries=0", f"--ServerApp.root_dir={notebook.parent}"),
            f"--IdentityProvider.token={token}",
        ]
        if is_root():
            command.append("--allow-root")
        if theme is not None:
            default = {"@jupyterlab/apputils-extension:themes": {"theme": f"JupyterLab {theme.capitalize()}"}}
            (Path(settings) / "overrides.json").write_text(json.dumps(default))
            command.append(f"--LabApp.app_settings_dir={settings}")
        say(f"Starting {notebook.name} in JupyterLab; what you change is saved in {notebook.parent}.")
        with serving(command) as child:
            status = f"http://{HOST}:{port}/api/status?token={token}"
            if not child.wait_for(lambda _: answers(status), READY_TIMEOUT_S):
                raise NnvisError(f"JupyterLab did not answer within {READY_TIMEOUT_S:.0f} s:\n{child.last_lines}")
            return _stay(child, f"http://{HOST}:{port}/lab/tree/{notebook.name}?token={token}", say, show)


def _stay(child: Child, url: str, say: Say, show: Say) -> int:
    say(f"{url}\nCtrl-C ends it.")
    show(url)
    code = child.wait()
    if code != 0:
        raise ended(code, child.last_lines)
    return code


def require(library: str, purpose: str) -> None:
    """Raise MissingExtraError when a library of the extra `demo` is not installed; nothing is imported."""
    if find_spec(library) is None:
        raise MissingExtraError(library, "demo", purpose)


def free_port(wanted: int | None) -> int:
    """The wanted port, or without one the first free port from 8866 on.

    Raises:
        NnvisError: If it is taken.
    """
    candidates = [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for port in candidates:
        if is_free(port):
            return port
    taken = f"port {wanted}" if wanted else f"one of the ports {candidates[0]} to {candidates[-1]}"
    raise NnvisError(f"Expected {taken} to be free, but another program listens there. Name another: --port 9000")


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of this machine now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(url: str) -> bool:
    """Whether a server of this machine answers this request with success; never through a proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5):
            return True
    except (OSError, urllib.error.URLError):
        return False


def is_root() -> bool:
    """Whether this is a POSIX superuser, whom Jupyter serves only when told to."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
