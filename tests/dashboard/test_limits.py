"""A page cannot make a dashboard grow without end."""

from __future__ import annotations

import ipywidgets
import pytest

import nnvis_widget as nv

from ..panels.helpers import parts, plane_trainer, receive


def test_adding_ends_at_32_panels_and_says_so_on_the_page_and_in_python() -> None:
    trainer = plane_trainer()
    dashboard = nv.Dashboard(trainer, panels=["training"] * 30)
    for _ in range(5):
        receive(dashboard.adding, method="custom", content={"event": "click"})
    assert len(dashboard.panels) == 32
    (message,) = [
        one for one in parts(dashboard, ipywidgets.Label) if one.value.startswith("Expected at most 32 panels")
    ]
    assert "Remove one first" in message.value
    with pytest.raises(nv.errors.ModelError, match=r"at most 32 panels on a dashboard, got 33\. Remove one first"):
        dashboard.add("training")
    with pytest.raises(nv.errors.ModelError, match="got 33"):
        dashboard.panels = ["training"] * 33
    with pytest.raises(nv.errors.ModelError, match="got 33"):
        nv.Dashboard(trainer, panels=["training"] * 33)
    dashboard.remove(dashboard.panels[0])
    dashboard.adding.click()
    assert len(dashboard.panels) == 32
    assert message.value == ""
    dashboard.close()
