"""The Voilà behind `nnvis demo`: one notebook, one preheated kernel, and word on stdout when that kernel has run it.

Voilà's own "pool is filled" means only that the kernel has started (voila 0.5.13, `voila_kernel_manager._initialize`
returns the running render task); a page opened then still waits for TensorFlow. The executor's cell hooks tell the
end of the last cell. Run as `python -m nnvis_widget.demo.voila_server NOTEBOOK`; needs the extra `demo`.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from nnvis_widget.core.words.catalogue import LANGUAGES, words_of

READY = "nnvis: ready"
FAILED = "nnvis: a cell failed"
THEMES = ("light", "dark")
# An extension of JupyterLab that fails in Voilà (voila 0.5.13, notebook 7.6.5).
WITHOUT = ["@jupyter-notebook/lab-extension"]
PAGE_WORDS = ("lightTheme", "darkTheme", "openingPage", "cellsOfPage")
TEMPLATE = "nnvis"
TEMPLATES = Path(__file__).with_name("jupyter")

# A page's last request, "end my kernel", carries an _xsrf cookie that Voilà never gave it: it is refused (403), and the
# closed page trains on (voila 0.5.13, jupyter_server 2.21.1). What changes something here needs a kernel's random id.
CLOSED_PAGES_END_THEIR_KERNEL = {"disable_check_xsrf": True}
# Voilà takes requests for whatever host (voila 0.5.13): a page of a stranger whose name leads to this machine could run
# code in the kernel. So it takes only those that this machine is called by.
ONLY_THIS_MACHINE = {"allow_remote_access": False}
HERE, EVERYWHERE = "127.0.0.1", "0.0.0.0"


def code_cells(notebook: Path) -> list[int]:
    """The indices of the cells that a kernel runs: code cells with a source that is not blank."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [i for i, cell in enumerate(cells) if cell["cell_type"] == "code" and "".join(cell["source"]).strip()]


def announce_end(last_cell: int, say: Callable[[str], object]) -> Callable[..., None]:
    """A hook for `VoilaExecutor.on_cell_executed` that says when the notebook has run, or where it stopped."""

    def on_cell_executed(cell: Any, cell_index: int, execute_reply: dict[str, Any]) -> None:
        if execute_reply["content"]["status"] != "ok":
            say(f"{FAILED} (cell {cell_index + 1}): {execute_reply['content'].get('evalue', '')}")
        elif cell_index == last_cell:
            say(READY)

    return on_cell_executed


def page_words() -> dict[str, dict[str, Any]]:
    """What the page itself says, by language."""
    return {language: {key: words_of(language)[key] for key in PAGE_WORDS} for language in LANGUAGES}


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve one notebook until a signal ends the process."""
    parser = argparse.ArgumentParser(prog="voila_server", description="Serve one notebook, preheated.")
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--theme", choices=THEMES, help="default: what the reader's system has, or chose here before")
    parser.add_argument("--public", action="store_true", help="serve other machines as well")
    options = parser.parse_args(arguments)

    # Where Voilà looks for templates is where Jupyter has its data.
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(TEMPLATES), os.environ.get("JUPYTER_PATH")]))
    from traitlets.config import Config
    from voila.app import Voila  # type: ignore[import-untyped]

    def say(line: str) -> None:
        print(line, flush=True)  # noqa: T201

    cells = code_cells(options.notebook)
    config = Config()
    config.VoilaConfiguration.preheat_kernel = True
    config.VoilaConfiguration.default_pool_size = 1
    # Also keeps TensorFlow's start-up messages, which go to stderr, off the page.
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.extension_denylist = WITHOUT
    config.VoilaConfiguration.template = TEMPLATE
    config.VoilaConfiguration.theme = options.theme or THEMES[0]
    own = {"nnvisTheme": options.theme, "nnvisWords": page_words()}
    config.VoilaConfiguration.page_config_hook = lambda page_config, **_: page_config | own
    config.Voila.ip = EVERYWHERE if options.public else HERE
    config.Voila.port = options.port
    config.Voila.port_retries = 0
    config.Voila.open_browser = False
    config.Voila.tornado_settings = CLOSED_PAGES_END_THEIR_KERNEL | ({} if options.public else ONLY_THIS_MACHINE)
    if cells:
        config.VoilaExecutor.on_cell_executed = announce_end(cells[-1], say)
    app = Voila.instance(config=config)
    app.initialize([str(options.notebook)])
    if not cells:
        say(READY)
    app.start()


if __name__ == "__main__":
    main()
