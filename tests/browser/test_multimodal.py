"""Several inputs as a person meets them: a lane each, what the card where they meet says, and what each gives."""

from __future__ import annotations

from playwright.sync_api import expect

from .network_page import NetworkPage
from .page_log import PageLog
from .sight import bring_into_sight
from .voila_page import VoilaPage


def test_the_notebook_of_three_inputs_tells_that_the_network_does_not_use_the_table(
    voila_page: VoilaPage, page_log: PageLog
) -> None:
    voila_page.open("multimodal.ipynb")
    network, page = NetworkPage(voila_page.page), voila_page.page
    network.wait_until_drawn()
    for name in ("picture", "table", "review", "Concatenate", "price, €"):
        expect(network.root.get_by_text(name, exact=True).first).to_be_attached()
    panel = page.get_by_role("heading", name="Share of each input")
    bring_into_sight(panel)
    expect(panel).to_be_visible()
    network.train()
    expect(page.get_by_text("Finished").first).to_be_visible()
    bring_into_sight(page.get_by_text("Taken away: the input is replaced by its mean").first)
    expect(page.get_by_text("Slope × input: a straight line from 0").first).to_be_visible()
    assert not page_log.outside
    assert not page_log.errors
