from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .floors import complaint_about_floors

# `import … from "x"`, `export … from "x"`, `import "x"`, `import("x")`; in this code base never inside a string.
_IMPORT = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)(["'])(?P<module>[^"'\n]+)\1""")
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)
_STRING = re.compile(
    r"""(["'])(?:\\.|(?!\1)[^\\\n])*\1|/(?![/*\s])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[dgimsuvy]*"""
)
_SNAKE_CASE = re.compile(r"(?<![\w$])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w$])")
_UNIT_IN_THE_NAME = re.compile(r"_(?:ms|s|px|hz|bytes)$")


@dataclass(frozen=True)
class Import:
    """`file` (relative to js/src) imports `module`: a path relative to js/src, or a package's name."""

    file: str
    line: int
    module: str


def read_imports(file: str, source: str) -> list[Import]:
    """All imports and re-exports of a file, comments left out."""
    code = _blank(_COMMENT, source)
    return [Import(file, _line(code, hit.start()), _resolve(file, hit["module"])) for hit in _IMPORT.finditer(code)]


def imports_that_do_not_go_down(imports: Sequence[Import], floors: Sequence[frozenset[str]]) -> list[str]:
    """The imports within js/src that are neither of the own room nor of a lower floor, or of no known room.

    A file directly in js/src is a room of its own, named without ".ts".
    """
    return [
        complaint
        for one in imports
        if one.module.endswith((".ts", ".css"))
        for complaint in complaint_about_floors(
            one, one.file.removesuffix(".ts"), one.module.removesuffix(".ts"), floors
        )
    ]


def imports_around_a_door(imports: Sequence[Import], doors: Mapping[str, Sequence[str]]) -> list[str]:
    """The imports of a package or file (a key that ends with a slash: all below it) outside the files named for it."""
    return [
        f"{one.file}:{one.line} imports {one.module}; its door is {', '.join(places)}"
        for one in imports
        for guarded, places in doors.items()
        if (one.module == guarded or (guarded.endswith("/") and one.module.startswith(guarded)))
        and one.file not in places
    ]


def snake_case_names(file: str, source: str) -> list[str]:
    """Identifiers in snake_case, units apart (`period_ms`): on this side of the protocol they are names of the wire."""
    code = _blank(_STRING, _blank(_COMMENT, source))
    return [
        f"{file}:{_line(code, hit.start())} {hit[0]}"
        for hit in _SNAKE_CASE.finditer(code)
        if not _UNIT_IN_THE_NAME.search(hit[0])
    ]


def forbidden_text(file: str, source: str, patterns: Mapping[str, str]) -> list[str]:
    """Where a pattern (regular expression -> why not) occurs outside comments."""
    code = _blank(_COMMENT, source)
    return [
        f"{file}:{_line(code, hit.start())} {hit[0]}: {reason}"
        for pattern, reason in patterns.items()
        for hit in re.finditer(pattern, code)
    ]


def _resolve(file: str, module: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), module)) if module.startswith(".") else module


def _blank(pattern: re.Pattern[str], source: str) -> str:
    """The source with the hits replaced by blanks, so that line numbers stay."""
    return pattern.sub(lambda hit: re.sub(r"[^\n]", " ", hit[0]), source)


def _line(source: str, position: int) -> int:
    return source.count("\n", 0, position) + 1
