from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

# The second is what Voilà writes instead of a traceback where it is told to show none, as `nnvis demo` tells it.
_SIGNS = re.compile(r"Traceback \(most recent call last\)|There was an error when executing cell")


def tracebacks(scope: Page | Locator) -> Locator:
    """The outputs of cells that raised; both hosts show them with the type of stderr, so the text tells."""
    return scope.locator(".jp-OutputArea-output").filter(has_text=_SIGNS)
