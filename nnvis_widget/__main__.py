"""The `nnvis` command."""

from __future__ import annotations

import argparse
import signal
import sys
import webbrowser
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn, TextIO

from nnvis_widget import __version__
from nnvis_widget.demo.demo import free_port, open_in_lab, open_in_voila
from nnvis_widget.demo.notebooks import find_notebook
from nnvis_widget.demo.voila_server import THEMES
from nnvis_widget.errors import NnvisError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 also after Ctrl-C, 1 after an error of ours."""
    options = parse(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return demo(options)
    except NnvisError as error:
        _say(str(error), sys.stderr)
        return 1
    except KeyboardInterrupt:
        _say("stopped.")
        return 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read and check the arguments; a wrong one ends the process with argparse's message and code 2."""
    parser = argparse.ArgumentParser(prog="nnvis", description="See a neural network learn.")
    parser.add_argument("--version", action="version", version=f"nnvis {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="open a ready notebook as a page (Voilà), or to change it (--lab)")
    demo.add_argument("notebook", nargs="?", default="dashboard", metavar="NAME", help="default: dashboard")
    demo.add_argument("--lab", action="store_true", help="open the notebook in JupyterLab")
    demo.add_argument("--port", type=port_number, help="default: the first free one from 8866 on")
    demo.add_argument("--theme", choices=THEMES, help="default: your system's in Voilà, your own choice in JupyterLab")
    demo.add_argument("--public", action="store_true", help="serve the page to other machines too (Voilà only)")
    demo.add_argument("--no-browser", action="store_true", help="print the address and open nothing")
    options = parser.parse_args(arguments)
    if options.public and options.lab:
        demo.error("expected --public without --lab: JupyterLab runs any code, for whoever opens it")
    return options


def port_number(text: str) -> int:
    """A port that a user may listen on."""
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"expected a port from 1024 to 65535, got {text!r}")
    return int(text)


def demo(options: argparse.Namespace) -> int:
    """Serve a notebook until its server ends."""
    notebook = find_notebook(options.notebook)
    port = free_port(options.port)
    show = _open_nothing if options.no_browser else webbrowser.open
    if options.lab:
        return open_in_lab(notebook, port, options.theme, _say, show)
    return open_in_voila(notebook, port, options.theme, _say, show, options.public)


def _say(text: str, stream: TextIO | None = None) -> None:
    print(f"nnvis: {text}", file=stream, flush=True)


def _open_nothing(url: str) -> None:
    pass


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
