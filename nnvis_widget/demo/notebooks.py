"""Find the notebooks that come with the package."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from nnvis_widget.errors import NnvisError

CHECKOUT = Path(__file__).resolve().parents[2]
SHARED_DATA = Path(sys.prefix) / "share" / "nnvis_widget"


def find_notebook(name: str, checkout: Path = CHECKOUT, shared_data: Path = SHARED_DATA) -> Path:
    """The file of a notebook, ready to be opened and saved.

    Args:
        name: With or without `.ipynb`.
        checkout: Root of the source tree; its notebooks are used in place.
        shared_data: Where the wheel's data is; its notebooks are copied to a new temporary folder, which is kept.

    Raises:
        NnvisError: If no notebook has this name.
    """
    in_place = (checkout / "pyproject.toml").is_file()
    folder = (checkout if in_place else shared_data) / "notebooks"
    offered = sorted(file.stem for file in folder.glob("*.ipynb"))
    stem = name.removesuffix(".ipynb")
    if stem not in offered:
        names = ", ".join(offered) or f"none in {folder}"
        raise NnvisError(f"Expected the name of a notebook of nnvis_widget ({names}); got {name!r}.")
    if not in_place:
        folder = Path(shutil.copytree(folder, Path(tempfile.mkdtemp(prefix="nnvis-")) / "notebooks"))
    return folder / f"{stem}.ipynb"
