from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from nnvis_widget import __main__ as command
from nnvis_widget.demo import demo
from nnvis_widget.demo.child import serving
from nnvis_widget.demo.notebooks import find_notebook
from nnvis_widget.demo.voila_server import FAILED, READY, announce_end, code_cells
from nnvis_widget.errors import MissingExtraError, NnvisError


def folder_with_notebooks(root: Path, *names: str) -> Path:
    (root / "notebooks").mkdir(parents=True)
    for name in names:
        (root / "notebooks" / f"{name}.ipynb").write_text("{}")
    return root


def test_a_checkout_offers_its_notebooks_in_place(tmp_path: Path) -> None:
    checkout = folder_with_notebooks(tmp_path, "playground", "digits")
    (checkout / "pyproject.toml").touch()
    assert find_notebook("digits.ipynb", checkout, tmp_path / "none") == checkout / "notebooks" / "digits.ipynb"


def test_an_installed_package_offers_a_writable_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = folder_with_notebooks(tmp_path / "share", "playground")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    notebook = find_notebook("playground", tmp_path / "site-packages", shared)
    assert notebook.is_file()
    assert not notebook.is_relative_to(shared)


def test_an_unknown_notebook_is_refused_with_the_names_on_offer(tmp_path: Path) -> None:
    shared = folder_with_notebooks(tmp_path, "playground", "digits")
    with pytest.raises(NnvisError, match=r"digits, playground.*got 'digit'"):
        find_notebook("digit", tmp_path / "none", shared)


def test_the_demo_opens_the_notebook_that_is_named_or_the_dashboard() -> None:
    assert command.parse(["demo"]).notebook == "dashboard"
    assert command.parse(["demo", "tutorial", "--lab"]).notebook == "tutorial"
    assert command.parse(["demo", "--lab", "tutorial"]).notebook == "tutorial"
    assert find_notebook("tutorial").is_file()


@pytest.mark.parametrize(
    "arguments",
    [
        *([], ["dem"], ["demo", "--port", "80"], ["demo", "--port", "x"], ["demo", "--theme", "blue"]),
        *(["demo", "a", "b"], ["demo", "--lab", "--public"]),
    ],
)
def test_wrong_arguments_end_with_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        command.parse(arguments)
    assert end.value.code == 2
    assert "usage: nnvis" in capsys.readouterr().err


def test_an_error_of_ours_is_one_line_and_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert command.main(["demo", "nope"]) == 1
    assert capsys.readouterr().err.startswith("nnvis: Expected the name of a notebook")


def test_a_taken_port_is_refused_when_named_and_passed_over_when_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind((demo.HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(NnvisError, match="another program listens"):
            demo.free_port(taken)
        monkeypatch.setattr(demo, "FIRST_PORT", taken)
        assert demo.free_port(None) != taken


def test_a_missing_extra_is_named_with_its_install_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(demo, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r'pip install "nnvis-widget\[demo\]"'):
        demo.open_in_voila(tmp_path / "x.ipynb", 9000, "light", print, print)
    with pytest.raises(MissingExtraError, match="jupyterlab"):
        demo.open_in_lab(tmp_path / "x.ipynb", 9000, None, print, print)


def test_only_code_cells_with_a_source_count_as_run(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Title"]},
        {"cell_type": "code", "source": ["a = 1\n", "a"]},
        {"cell_type": "code", "source": ["  \n"]},
        {"cell_type": "code", "source": []},
    ]
    file = tmp_path / "n.ipynb"
    file.write_text(json.dumps({"cells": cells}))
    assert code_cells(file) == [1]


@pytest.mark.parametrize(
    ("cell_index", "status", "said"), [(1, "ok", []), (3, "ok", [READY]), (1, "error", [f"{FAILED} (cell 2): boom"])]
)
def test_the_end_of_the_last_cell_is_announced_or_where_it_stopped(
    cell_index: int, status: str, said: list[str]
) -> None:
    heard: list[str] = []
    reply: dict[str, Any] = {"content": {"status": status, "evalue": "boom"}}
    announce_end(3, heard.append)(cell=None, cell_index=cell_index, execute_reply=reply)
    assert heard == said


class _Served:
    """A server that is ready at once and ends."""

    last_lines = ""

    def wait_for(self, has_come: Callable[[list[str]], bool], timeout_s: float) -> bool:
        return has_come([READY])

    def wait(self) -> int:
        return 0


@pytest.mark.parametrize("is_public", [True, False])
def test_a_page_for_all_is_announced_with_its_danger_before_it_is_served(
    is_public: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)

    @contextmanager
    def serve(options: list[str]) -> Iterator[_Served]:
        print("serves", "--public" in options)
        yield _Served()

    monkeypatch.setattr(demo, "serving", serve)
    arguments = ["demo", "--no-browser", "--port", "9321", *(["--public"] if is_public else [])]
    assert command.main(arguments) == 0
    before, _ = capsys.readouterr().out.split(f"serves {is_public}\n")
    words = (
        "every machine that reaches port 9321",
        "without a password",
        "the rights of your account",
        "Ctrl-C closes",
    )
    assert [text in before for text in words] == [is_public] * len(words)


def python(code: str) -> list[str]:
    return [sys.executable, "-uc", code]


def test_a_server_is_waited_for_by_its_words_and_ends_with_the_block() -> None:
    with serving(python("import os, time; print('pid', os.getpid()); time.sleep(600)")) as child:
        heard: list[str] = []
        assert child.wait_for(lambda lines: heard.extend(lines) is None and bool(heard), timeout_s=30)
        pid = int(heard[0].removeprefix("pid "))
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_server_that_ends_too_early_is_reported_with_its_last_lines() -> None:
    with (
        serving(python("print('no module named voila'); raise SystemExit(3)")) as child,
        pytest.raises(NnvisError, match=r"code 3(.|\n)*no module named voila"),
    ):
        child.wait_for(lambda lines: False, timeout_s=30)


def test_waiting_for_a_server_ends_with_the_time() -> None:
    with serving(python("import time; time.sleep(600)")) as child:
        assert not child.wait_for(lambda lines: False, timeout_s=0)


def test_the_launcher_loads_neither_tensorflow_nor_jupyter() -> None:
    code = "import sys, nnvis_widget.__main__; print(*sys.modules)"
    loaded = set(subprocess.run(python(code), capture_output=True, text=True, check=True).stdout.split())
    assert not loaded & {"tensorflow", "keras", "voila", "jupyterlab", "jupyter_server", "numpy"}
