"""The built package: what is inside, and that it works alone, in an empty environment without Node."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = [sys.executable, "-m", "uv"]


def run(command: list[str], env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [*UV, "build", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", str(folder)]
    run(command, {**os.environ, "SKIP_JUPYTER_BUILDER": "1"})
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a new environment with the wheel; versions as locked, files linked from uv's cache."""
    environment = tmp_path_factory.mktemp("environment") / "venv"
    run([*UV, "venv", "--quiet", "--python", sys.executable, str(environment)])
    python = str(environment / "bin" / "python")
    constraints = ["--constraints", str(ROOT / "requirements.lock")]
    run([*UV, "pip", "install", "--quiet", "--python", python, *constraints, str(wheel)])
    return environment / "bin"


def test_the_wheel_holds_the_front_end_the_types_and_the_notebooks(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    inside = {name.split(".data/data/")[-1] for name in names}
    expected = {
        "nnvis_widget/widgets/static/widget.js",
        "nnvis_widget/widgets/static/widget.css",
        "nnvis_widget/widgets/static/panel.js",
        "nnvis_widget/widgets/static/pads.js",
        "nnvis_widget/widgets/static/pads.css",
        "nnvis_widget/widgets/static/levels.js",
        "nnvis_widget/widgets/static/maps.js",
        "nnvis_widget/widgets/static/extras.js",
        "nnvis_widget/widgets/static/tables.js",
        "nnvis_widget/py.typed",
        *(f"nnvis_widget/demo/jupyter/voila/templates/nnvis/{name}" for name in ("conf.json", "index.html.j2")),
        *(f"share/nnvis_widget/notebooks/{file.name}" for file in (ROOT / "notebooks").glob("*.ipynb")),
    }
    assert expected - inside == set()
    assert [name for name in inside if name.endswith(".ipynb")]


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top.split("-")[0] for top in tops} == {"nnvis_widget"}
    assert not [name for name in zipfile.ZipFile(wheel).namelist() if "__pycache__" in name or name.endswith(".ts")]


def test_the_source_archive_holds_the_documents_and_what_builds_and_tests_it(tmp_path: Path) -> None:
    command = [*UV, "build", "--sdist", "--no-build-isolation", "--python", sys.executable, "--out-dir", str(tmp_path)]
    run(command, {**os.environ, "SKIP_JUPYTER_BUILDER": "1"})
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        inside = {name.split("/", 1)[-1] for name in opened.getnames()}
    folders = (ROOT / name for name in ("docs", "notebooks", "tests/unit"))
    expected = {str(file.relative_to(ROOT)) for folder in folders for file in folder.glob("*.*")}
    expected |= {
        "README.md",
        "README.zh.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "LICENSE",
        "Makefile",
        "requirements.lock",
    }
    assert expected - inside == set()
    assert not [name for name in inside if "node_modules" in name]


def test_it_works_alone_in_an_empty_environment_without_node(installed: Path, tmp_path: Path) -> None:
    env = {"PATH": str(installed), "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    assert shutil.which("node", path=env["PATH"]) is None
    code = """
from importlib.resources import files
import nnvis_widget as nv
from nnvis_widget.demo.notebooks import find_notebook
static = files("nnvis_widget") / "widgets" / "static"
assert (static / "widget.js").read_text("utf-8").strip(), "no script"
assert (static / "widget.css").read_text("utf-8").strip(), "no style"
assert nv.Run.__module__.startswith("nnvis_widget."), nv.Run
print(nv.__file__, find_notebook("playground"), sep="\\n")
"""
    done = subprocess.run(
        [str(installed / "python"), "-I", "-c", code],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    package, notebook = (Path(line) for line in done.stdout.splitlines())
    assert package.is_relative_to(installed.parent)
    assert notebook.is_relative_to(tmp_path)


def test_the_command_is_installed_and_names_the_missing_extra(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [str(installed / "nnvis"), "demo", "--no-browser"],
        cwd=tmp_path,
        env={"PATH": str(installed), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert 'pip install "nnvis-widget[demo]"' in done.stderr
