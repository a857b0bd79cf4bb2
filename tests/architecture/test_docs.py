"""The documents say what is there: each name has its heading, files and links exist, floors and versions agree."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

import nnvis_widget as nv
from nnvis_widget.dashboard.kinds import KINDS
from nnvis_widget.stream import protocol
from nnvis_widget.widgets.network_traits import NetworkTraits

from .test_floors import PYTHON_FLOORS, TYPESCRIPT_FLOORS

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    *(
        ROOT / name
        for name in ("README.md", "README.zh.md", "CONTRIBUTING.md", "CHANGELOG.md", "nnvis_widget/stream/README.md")
    ),
    *sorted((ROOT / "docs").glob("*.md")),
]
REFERENCE = ROOT / "docs" / "reference.md"
SHEET_OF_KEYS = ROOT / "js/src/ui/kit/keyList.ts"
# Files are named from where one stands when one speaks of them.
STARTS = [ROOT, ROOT / "nnvis_widget", ROOT / "js/src"]


def headings(section: str) -> list[str]:
    """The headings of the third level under a heading of the second, without the marks of code."""
    text = REFERENCE.read_text("utf-8").split(f"\n## {section}\n")[1].split("\n## ")[0]
    return [heading.replace("`", "") for heading in re.findall(r"^### (.+)$", text, re.MULTILINE)]


def keys_of_the_page() -> list[str]:
    text = SHEET_OF_KEYS.read_text("utf-8")
    (rows,) = re.findall(r"const KEYS\b[^=]*= \[\n(.*?)\n\];", text, re.DOTALL)
    return list(dict.fromkeys(re.findall(r'^  \["([^"]+)"', rows, re.MULTILINE)))


def names_of(section: str) -> list[str]:
    """What there is, by the section of the reference that tells of it."""
    match section:
        case "Names":
            return nv.__all__
        case "Traits of a view":
            own = NetworkTraits.class_own_traits()
            return [f"NetworkView.{name}" for name in own if not name.startswith("_")]
        case "Datasets":
            return [f"datasets.{name}" for name in nv.datasets.__all__]
        case "Kinds of panels":
            return list(KINDS)
        case "Errors":
            return [name for name, one in vars(nv.errors).items() if isinstance(one, type)]
        case "Keys":
            return keys_of_the_page()
        case _:
            return list(protocol.OPERATIONS)


@pytest.mark.parametrize(
    "section",
    ["Names", "Traits of a view", "Datasets", "Kinds of panels", "Errors", "Keys", "Operations of the protocol"],
)
def test_everything_public_has_a_heading_in_the_reference(section: str) -> None:
    told = headings(section)
    assert len(told) == len(set(told))
    assert set(told) == set(names_of(section))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_every_file_and_link_of_a_document_is_there(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text("utf-8"), flags=re.DOTALL)
    links = [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    missing = [target for target in links if not is_there(document, target)]
    files = re.findall(r"`([\w.<>*-]+(?:/[\w.<>*-]+)*(?:\.(?:py|ts|css|json|md|mjs|svg|lock)|/))`", text)
    missing += [name for name in files if not found(name)]
    assert missing == []


def is_there(document: Path, target: str) -> bool:
    file, _, place = target.partition("#")
    linked = document.parent / file if file else document
    if not linked.exists():
        return False
    if not place:
        return True
    marks = re.compile(r"[^\w\- ]")
    titles = re.findall(r"^#+ (.+)$", linked.read_text("utf-8"), re.MULTILINE)
    return place in {marks.sub("", title.lower()).replace(" ", "-") for title in titles}


def found(name: str) -> bool:
    """Whether a file or folder is there under one of the starts; `<kind>` stands for any word."""
    pattern = re.sub(r"<[^>]*>", "*", name).rstrip("/")
    return any(True for start in STARTS for _ in start.glob(pattern))


@pytest.mark.parametrize(
    ("title", "floors"), [("Floors of Python", PYTHON_FLOORS), ("Floors of TypeScript", TYPESCRIPT_FLOORS)]
)
def test_the_floors_are_those_that_are_proven(title: str, floors: tuple[frozenset[str], ...]) -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    table = text.split(f"\n### {title}\n")[1].split("\n#")[0]
    rows = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
    assert [frozenset(re.findall(r"`([^`]+)`", rooms)) for rooms in rows] == list(floors)


def test_one_version_number() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    package = json.loads((ROOT / "js/package.json").read_text("utf-8"))
    lock = json.loads((ROOT / "js/package-lock.json").read_text("utf-8"))
    assert {project["version"], package["version"], lock["version"], lock["packages"][""]["version"]} == {
        nv.__version__
    }
    assert f"\n## {nv.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_one_version_of_the_protocol() -> None:
    twin = (ROOT / "js/src/stream/protocol.ts").read_text("utf-8")
    assert re.findall(r"PROTOCOL_VERSION = (\d+);", twin) == [str(protocol.PROTOCOL_VERSION)]
