from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

# The second is what Voilà writes instead of a traceback where it is told to show none, as `nnvis demo` tells it.
_SIGNS = re.compile(r"Traceback \(most recent call last\)|There was an error when executing cell")


def expect_nothing_red(scope: Page | Locator) -> None:
    """No cell has written anything to stderr, which both hosts show in red."""
    red = scope.locator("[data-mime-type='application/vnd.jupyter.stderr']").all_inner_texts()
    assert red == [], "\n".join(red)


def expect_no_traceback(scope: Page | Locator) -> None:
    """No cell has raised so far; both hosts show an error with the type of stderr, so the text tells."""
    raised = scope.locator(".jp-OutputArea-output").filter(has_text=_SIGNS).all_inner_texts()
    assert raised == [], "\n".join(raised)
