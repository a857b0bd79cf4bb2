"""The floors and doors of both languages (architecture.md, section 2), and that each check catches a planted fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import python_imports, typescript_imports

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "nnvis_widget"
SCRIPTS = ROOT / "js" / "src"

# From the lowest up. A room is a folder (or a file directly in the package) and all below it that is no room itself:
# "ui/kit" is one inside "ui". It imports itself and lower floors; rooms of one floor do not know each other.
PYTHON_FLOORS = (
    frozenset({"errors"}),
    frozenset({"core"}),
    frozenset({"reduce"}),
    frozenset({"run", "workings"}),
    # Above the run: a rule reads a run and pins in it what one may want to go back to; a source tells its listeners.
    frozenset({"control", "diagnosis", "stream/frame", "stream/shown"}),
    frozenset({"stream/sections"}),
    frozenset({"stream"}),
    frozenset({"keras_adapter/read"}),
    frozenset({"keras_adapter"}),
    frozenset({"training/data", "sources"}),
    frozenset({"training"}),
    frozenset({"widgets", "export"}),
    frozenset({"widgets/panels/reading"}),
    frozenset({"widgets/panels/figures"}),
    frozenset({"widgets/panels/parts"}),
    frozenset({"widgets/panels"}),
    frozenset({"dashboard", "demo"}),
    frozenset({"lessons"}),
    frozenset({"__main__"}),
)
PYTHON_DOORS = {
    "keras": [
        "keras_adapter/",
        "sources/callback.py",
        "training/data/downloaded.py",
        "lessons/networks.py",
        "lessons/features.py",
    ],
    "tensorflow": ["keras_adapter/"],
    "jax": ["keras_adapter/"],
    "torch": ["keras_adapter/"],
    "anywidget": ["widgets/page_widget.py"],
    "ipywidgets": ["widgets/", "dashboard/", "lessons/"],
    "bqplot": ["widgets/panels/"],
    "sklearn": ["training/data/scikit.py"],
    "voila": ["demo/voila_server.py"],
    "jupyterlab": [],
}
TYPESCRIPT_FLOORS = (
    frozenset({"core", "lib"}),
    frozenset({"theme"}),
    frozenset({"stream", "layout", "store"}),
    frozenset({"draw/edges", "draw/canvas"}),
    frozenset({"draw/read"}),
    frozenset({"draw/marks"}),
    frozenset({"draw/say"}),
    frozenset({"draw"}),
    frozenset({"interact"}),
    frozenset({"ui/kit"}),
    frozenset({"ui/words"}),
    frozenset({"ui/charts"}),
    frozenset(
        {"ui/timeline", "ui/tables", "ui/inspector", "ui/places", "ui/result", "ui/steps", "ui/whatIf", "ui/frame"}
    ),
    frozenset({"export"}),
    frozenset({"parts"}),
    frozenset({"session"}),
    frozenset({"pad", "dialogs"}),
    frozenset({"networkView", "panel", "styles"}),
    frozenset({"widget", "pads"}),
)
TYPESCRIPT_DOORS = {
    "anywidget": ["widget.ts", "panel.ts", "pads.ts"],
    "@anywidget/": ["widget.ts", "panel.ts", "pads.ts"],
    "@jupyter-widgets/": ["widget.ts", "panel.ts", "pads.ts"],
    "stream/anywidgetChannel.ts": ["widget.ts"],
    "stream/hostModel.ts": ["panel.ts", "pads.ts", "stream/anywidgetChannel.ts"],
}
WIRE_NAMES = {"stream/protocol.ts", "stream/frameHeaders.ts", "stream/decodeFrame.ts"}
# Names that others gave: methods of anywidget and @jupyter-widgets/base, activations of Keras.
NAMES_OF_OTHERS = {
    "stream/anywidgetChannel.ts": {"save_changes", "comm_live", "set_state", "comm_live_update", "widget_manager"},
    "stream/hostModel.ts": {
        "comm_live",
        "widget_manager",
        "set_state",
        "on_msg",
        "_handle_comm_msg",
        "request_state",
    },
}
FORBIDDEN_IN_SCRIPTS = {
    r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b": "text reaches the page by textContent only",
    r"\beval\s*\(|\bnew\s+Function\s*\(": "names are data, never code",
    r"https?://(?!www\.w3\.org/)": "everything is bundled, nothing comes from the network at run time",
}


def python_sources() -> dict[str, str]:
    return {file.relative_to(PACKAGE).as_posix(): file.read_text("utf-8") for file in PACKAGE.rglob("*.py")}


def scripts() -> dict[str, str]:
    return {file.relative_to(SCRIPTS).as_posix(): file.read_text("utf-8") for file in SCRIPTS.rglob("*.ts")}


def imports_of_python() -> list[python_imports.Import]:
    # __init__.py is the list of public names, each resolved when first used: it alone points up.
    return [
        one
        for file, source in python_sources().items()
        if file != "__init__.py"
        for one in python_imports.read_imports(file, source)
    ]


def imports_of_scripts() -> list[typescript_imports.Import]:
    return [one for file, source in scripts().items() for one in typescript_imports.read_imports(file, source)]


def test_python_imports_only_lower_floors() -> None:
    assert python_imports.imports_that_do_not_go_down(imports_of_python(), PYTHON_FLOORS) == []


def test_heavy_python_libraries_come_through_their_door() -> None:
    assert python_imports.imports_around_a_door(imports_of_python(), PYTHON_DOORS) == []


def test_what_knows_keras_uses_only_public_attributes() -> None:
    found = [
        place
        for file, source in python_sources().items()
        if file.startswith(tuple(PYTHON_DOORS["keras"]))
        for place in python_imports.private_attributes(file, source)
    ]
    assert found == []


def test_tensors_become_arrays_in_one_way() -> None:
    asking = [file for file, source in python_sources().items() if "convert_to_numpy" in source]
    assert asking == ["keras_adapter/to_numpy.py"]


def test_typescript_imports_only_lower_floors() -> None:
    assert typescript_imports.imports_that_do_not_go_down(imports_of_scripts(), TYPESCRIPT_FLOORS) == []


def test_only_the_widget_entry_knows_anywidget() -> None:
    assert typescript_imports.imports_around_a_door(imports_of_scripts(), TYPESCRIPT_DOORS) == []


def test_names_of_the_wire_stay_in_the_protocol() -> None:
    found = [
        place
        for file, source in scripts().items()
        if file not in WIRE_NAMES
        for place in typescript_imports.snake_case_names(file, source)
        if place.split(" ")[1] not in NAMES_OF_OTHERS.get(file, set())
    ]
    assert found == []


def test_scripts_make_no_markup_run_no_text_and_ask_no_network() -> None:
    found = [
        place
        for file, source in scripts().items()
        for place in typescript_imports.forbidden_text(file, source, FORBIDDEN_IN_SCRIPTS)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("file", "line", "complaint"),
    [
        ("core/graph.py", "from nnvis_widget.run.run import Run", "up"),
        ("core/graph.py", "from ..run import run", "up"),
        ("control/worker.py", "from nnvis_widget.diagnosis.rules.finite import Soundness", "sideways"),
        ("sources/model.py", "from nnvis_widget.training.engine import Engine", "up"),
        ("stream/frame.py", "from nnvis_widget.stream.sections.edges import edge_sections", "up"),
        ("widgets/panels/figures/plot.py", "from nnvis_widget.widgets.panels.parts.sample_choice import x", "up"),
        ("run/run.py", "def f():\n    import nnvis_widget.stream.frame", "up"),
        ("run/run.py", "if TYPE_CHECKING:\n    from nnvis_widget import Trainer", "has no floor"),
        ("run/run.py", "import nnvis_widget", "the package itself has no floor"),
        ("reduce/tiles.py", "import_module('nnvis_widget.widgets.network_view')", "up"),
        ("extras/x.py", "from nnvis_widget.core import graph", "extras/x has no floor"),
    ],
)
def test_a_python_import_that_does_not_go_down_is_caught(file: str, line: str, complaint: str) -> None:
    imports = python_imports.read_imports(file, line)
    (found,) = python_imports.imports_that_do_not_go_down(imports, PYTHON_FLOORS)
    assert complaint in found


NESTED_FLOORS = (
    frozenset({"core", "ui/kit"}),
    frozenset({"ui/charts", "ui/tables"}),
    frozenset({"ui"}),
    frozenset({"ui/frame"}),
)


@pytest.mark.parametrize(
    ("file", "line", "complaint"),
    [
        ("ui/kit/dom.py", "from nnvis_widget.ui.charts.bars import draw", "up: ui/kit"),
        ("ui/kit/dom.py", "from ..legend import draw", "up: ui/kit"),
        ("ui/kit/dom.py", "from .. import charts", "up: ui/kit"),
        ("ui/charts/bars.py", "from ..tables import table", "sideways"),
        ("ui/charts/deep/bars.py", "import nnvis_widget.ui.tables.table", "sideways"),
        ("ui/kit/dom.py", "from nnvis_widget.core import graph", "sideways"),
        ("ui/legend.py", "from .frame.shell import Shell", "up: ui ->"),
        ("ui/charts/bars.py", "from nnvis_widget.ui import legend", "up: ui/charts"),
    ],
)
def test_a_room_within_a_room_has_a_floor_of_its_own(file: str, line: str, complaint: str) -> None:
    (found,) = python_imports.imports_that_do_not_go_down(python_imports.read_imports(file, line), NESTED_FLOORS)
    assert complaint in found


def test_rooms_within_a_room_may_be_used_from_above_and_from_within() -> None:
    lines = {
        "ui/legend.py": "from .kit.dom import make\nfrom . import kit\nfrom .words import name",
        "ui/charts/deep/bars.py": "from ..axis import Axis\nfrom nnvis_widget.ui.kit import dom, icons",
        "ui/frame/shell.py": "import nnvis_widget.ui.legend",
    }
    imports = [one for file, source in lines.items() for one in python_imports.read_imports(file, source)]
    assert len(imports) == 7
    assert python_imports.imports_that_do_not_go_down(imports, NESTED_FLOORS) == []


def test_a_folder_beside_the_rooms_of_a_folder_without_a_floor_is_caught() -> None:
    imports = typescript_imports.read_imports("ui/new/x.ts", 'import "../kit/dom.ts";')
    (found,) = typescript_imports.imports_that_do_not_go_down(imports, NESTED_FLOORS[:2])
    assert "ui/new/x has no floor" in found


@pytest.mark.parametrize(
    ("file", "line", "complaint"),
    [
        ("ui/kit/dom.ts", 'import "../charts/charts.css";', "up: ui/kit"),
        ("ui/charts/bars.ts", 'import { x } from "../tables/table.ts";', "sideways"),
        ("ui/legend.ts", 'import { x } from "./frame/shell.ts";', "up: ui ->"),
        ("ui/kit/dom.ts", 'import { x } from "../legend.ts";', "up: ui/kit"),
    ],
)
def test_a_room_within_a_room_of_typescript_has_a_floor_of_its_own(file: str, line: str, complaint: str) -> None:
    imports = typescript_imports.read_imports(file, line)
    (found,) = typescript_imports.imports_that_do_not_go_down(imports, NESTED_FLOORS)
    assert complaint in found


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("core/graph.py", "import keras"),
        ("training/trainer.py", "def f():\n    from keras.datasets import mnist"),
        ("training/split.py", "import_module(f'keras.datasets.{name}')"),
        ("widgets/controls.py", "import anywidget"),
        ("widgets/network_traits.py", "import bqplot as bq"),
        ("core/dataset.py", "from sklearn.datasets import load_digits"),
        ("__main__.py", "import voila"),
    ],
)
def test_a_python_import_around_a_door_is_caught(file: str, line: str) -> None:
    assert python_imports.imports_around_a_door(python_imports.read_imports(file, line), PYTHON_DOORS)


def test_a_private_attribute_is_caught_and_ones_own_is_not() -> None:
    source = "class A:\n    def f(self, model):\n        self._x = model.optimizer._variables\n        self.__class__"
    assert python_imports.private_attributes("a.py", source) == ["a.py:3 ._variables"]


@pytest.mark.parametrize(
    ("file", "line", "complaint"),
    [
        ("core/graph.ts", 'import { x } from "../store/frameStore.ts";', "up"),
        ("core/graph.ts", 'import { x } from "../lib/numbers.ts";', "sideways"),
        ("layout/scene.ts", 'import type {\n  A,\n} from "../stream/channel.ts";', "sideways"),
        ("draw/marks/rings.ts", 'export { y } from "../../ui/kit/dom.ts";', "up"),
        ("ui/words/describe.ts", 'import { x } from "../timeline/timeline.ts";', "up"),
        ("ui/tables/table.ts", 'import { x } from "../inspector/inspector.ts";', "sideways"),
        ("lib/listen.ts", 'import "../theme/tokens.css";', "up"),
        ("ui/frame/header.ts", 'const late = await import("../../networkView.ts");', "up"),
        ("ui/frame/header.ts", 'import { x } from "../../panels/curves.ts";', "panels/curves has no floor"),
    ],
)
def test_a_typescript_import_that_does_not_go_down_is_caught(file: str, line: str, complaint: str) -> None:
    imports = typescript_imports.read_imports(file, line)
    (found,) = typescript_imports.imports_that_do_not_go_down(imports, TYPESCRIPT_FLOORS)
    assert complaint in found


def test_a_typescript_import_that_goes_down_and_one_in_a_comment_are_no_complaint() -> None:
    source = '// import "../../ui/kit/dom.ts";\nimport { a } from "./b.ts";\nimport { c } from "../../core/frame.ts";'
    imports = typescript_imports.read_imports("draw/marks/brush.ts", source)
    assert [one.module for one in imports] == ["draw/marks/b.ts", "core/frame.ts"]
    assert typescript_imports.imports_that_do_not_go_down(imports, TYPESCRIPT_FLOORS) == []


def test_a_typescript_import_around_a_door_is_caught() -> None:
    for line in ('import type { AnyModel } from "@anywidget/types";', 'import "../../stream/anywidgetChannel.ts";'):
        imports = typescript_imports.read_imports("ui/frame/header.ts", line)
        assert typescript_imports.imports_around_a_door(imports, TYPESCRIPT_DOORS)


def test_a_name_of_the_wire_is_caught_and_texts_units_and_comments_are_not() -> None:
    source = '// group_kind\nconst period_ms = names["val_loss"];\nconst a = section.group_kind + SOME_CONSTANT;'
    assert typescript_imports.snake_case_names("a.ts", source) == ["a.ts:3 group_kind"]


@pytest.mark.parametrize(
    "line", ["a.innerHTML = b;", "eval (a);", "new Function(a)", 'fetch("https://cdn.example/x.js")']
)
def test_markup_code_and_network_are_caught(line: str) -> None:
    assert typescript_imports.forbidden_text("a.ts", line, FORBIDDEN_IN_SCRIPTS)


def test_the_namespace_of_svg_is_no_network() -> None:
    source = 'const SVG = "http://www.w3.org/2000/svg";'
    assert typescript_imports.forbidden_text("a.ts", source, FORBIDDEN_IN_SCRIPTS) == []
