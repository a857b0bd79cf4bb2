"""Does a person see what is wrong, try what is advised, and keep it?"""

from __future__ import annotations

from playwright.sync_api import expect

from .sight import bring_into_sight
from .voila_page import VoilaPage


def test_the_notebook_of_eight_faults_tells_them_tries_them_and_a_rate_is_kept(voila_page: VoilaPage) -> None:
    voila_page.open("why_it_does_not_learn.ipynb")
    page = voila_page.page
    for told in ("softmax over one unit always says 1", "Inputs are as large as 4,254", "Dead units in"):
        expect(page.locator("pre", has_text=told).first).to_be_visible()
    assert page.locator("pre", has_text="it helps").count() >= 6
    panel = page.locator(".nnvis-panel", has_text="changed a kernel by").first
    bring_into_sight(panel)
    tried = panel.locator(".nnvis-trial").first
    expect(tried).to_contain_text("learning rate 0.003 instead of 3")
    tried.get_by_role("button", name="Keep").click()
    expect(panel.locator(".nnvis-trial", has_text="It is set in the training")).to_be_visible()
    first = page.locator(".nnvis-panel", has_text="softmax over one unit").first
    bring_into_sight(first)
    tried = first.locator(".nnvis-trial").first
    expect(tried).to_contain_text("after 200 steps: it helps")  # which the notebook has tried
    first.get_by_role("button", name="Try it").click()
    expect(tried).to_contain_text("after 300 steps: it helps")
