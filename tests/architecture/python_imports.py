from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .floors import complaint_about_floors

PACKAGE = "nnvis_widget"


@dataclass(frozen=True)
class Import:
    """`file` (relative to the package) imports `module` (full dotted name) in this line."""

    file: str
    line: int
    module: str


def read_imports(file: str, source: str) -> list[Import]:
    """All imports of a file: at the top, in functions, under TYPE_CHECKING, and by import_module("a constant")."""
    found = [
        Import(file, line, module)
        for node in ast.walk(ast.parse(source))
        for line, module in _modules(node, _package_of(file))
    ]
    return sorted(found, key=lambda one: (one.line, one.module))


def path_of(module: str) -> str:
    """Where a module of the package lies: "run/playhead" for nnvis_widget.run.playhead, "" for the package itself."""
    return module.removeprefix(PACKAGE).lstrip(".").replace(".", "/")


def imports_that_do_not_go_down(imports: Sequence[Import], floors: Sequence[frozenset[str]]) -> list[str]:
    """The imports within the package that are neither of the own room nor of a lower floor, or of no known room."""
    return [
        complaint
        for one in imports
        if one.module == PACKAGE or one.module.startswith(PACKAGE + ".")
        for complaint in complaint_about_floors(one, one.file.removesuffix(".py"), path_of(one.module), floors)
    ]


def imports_around_a_door(imports: Sequence[Import], doors: Mapping[str, Sequence[str]]) -> list[str]:
    """The imports of a library outside its doors; a door is a file, or a folder that ends with a slash."""
    complaints = []
    for one in imports:
        for library, places in doors.items():
            if one.module != library and not one.module.startswith(library + "."):
                continue
            if not any(one.file == place or (place.endswith("/") and one.file.startswith(place)) for place in places):
                complaints.append(f"{one.file}:{one.line} imports {one.module}; its door is {', '.join(places)}")
    return complaints


def private_attributes(file: str, source: str) -> list[str]:
    """Uses of another object's attribute that begins with one underscore: `model._x`, not `self._x` or `cls._x`."""
    return [
        f"{file}:{node.lineno} .{node.attr}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and not node.attr.startswith("__")
        and not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
    ]


def _package_of(file: str) -> list[str]:
    return [PACKAGE, *file.split("/")[:-1]]


def _modules(node: ast.AST, package: list[str]) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield node.lineno, alias.name
    elif isinstance(node, ast.ImportFrom):
        base = package[: len(package) - node.level + 1] if node.level else []
        module = ".".join([*base, *([node.module] if node.module else [])])
        if module == PACKAGE or module.startswith(PACKAGE + "."):
            # `from nnvis_widget.widgets import panels` imports a room of its own: the name belongs to the path.
            for alias in node.names:
                # The version is a plain constant of the package; everything else it offers lives on some floor.
                if alias.name != "__version__":
                    yield node.lineno, f"{module}.{alias.name}"
        else:
            yield node.lineno, module
    elif isinstance(node, ast.Call):
        yield from _constant_import(node)


def _constant_import(call: ast.Call) -> Iterator[tuple[int, str]]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in ("import_module", "__import__") or not call.args:
        return
    argument = call.args[0]
    if isinstance(argument, ast.JoinedStr) and argument.values:
        argument = argument.values[0]  # f"keras.datasets.{name}" begins with the library
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield call.lineno, argument.value.rstrip(".")
