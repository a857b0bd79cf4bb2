"""Does the page say every word out of its catalogue, in the language that is asked for?

Letters outside of the brackets of tests/nobodys_language.py are a person's own names, or a fault.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from playwright.sync_api import Page, expect

import nnvis_widget as nv
from nnvis_widget.core.words.catalogue import page_words
from nnvis_widget.core.words.language import LANGUAGE
from nnvis_widget.stream.frame import decode_frame

from ..nobodys_language import in_brackets, uncatalogued
from .joined_page import JoinedPage
from .kernel_stand_in import KernelStandIn
from .network_page import NetworkPage
from .page_log import PageLog
from .recording import State
from .sample_views import moons_trainer
from .scenes import SCENES, Scene
from .test_accessibility import findings
from .test_scenes import opened
from .widget_page import WidgetPage

NOBODYS = "xx"
# As the field and Keras write them, whatever the language; names of keys; code.
TERMS = "NaN PNG SVG TSV CSV ReLU tanh sigmoid softmax linear max Esc Home End Enter Del PgUp PgDn Shift"
CODE = ".nv-code, code, kbd, .mono"

READ = """
(skip) => {
  const said = [];
  const kinds = NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT;
  const walker = document.createTreeWalker(document.querySelector("main"), kinds);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node instanceof Element ? node : node.parentElement;
    if (element.closest(skip) !== null || element.closest("style, script") !== null) continue;
    if (node instanceof Text) said.push(node.data);
    else for (const name of ["aria-label", "title", "placeholder", "aria-valuetext", "alt"]) {
      if (node.hasAttribute(name)) said.push(node.getAttribute(name));
    }
  }
  return [...new Set(said)];
}
"""


def spoken_by_nobody(state: State) -> State:
    return state | {"_language": NOBODYS, "_words": {NOBODYS: list(map(in_brackets, page_words("en")))}}


def own_names(state: State) -> list[str]:
    """What a page shows as it comes from Python: names, and what is said of a sample or an end, see the reference."""
    names, graph = [*TERMS.split(), "view.model = model"], state["graph"]
    if graph is not None:
        names.append(graph["name"])
        for layer in graph["layers"]:
            names += [layer["name"], layer["type"], layer["activation"] or ""]
            names += [parameter["name"] for parameter in layer["parameters"]]
    for data in filter(None, (state["frame"], state["scenery"])):
        header: dict[str, Any] = dict(decode_frame(bytes(data)).header)
        names += [one for part in ("class", "feature") for one in header.get(f"{part}_names", ())]
        names += [str(header.get(part) or "") for part in ("truth", "meaning", "ending", "optimizer")]
        names += [str(value) for part in ("verdict", "problem") for value in (header.get(part) or {}).values()]
    return names


def open_in(page: Page, name: str, monkeypatch: pytest.MonkeyPatch) -> tuple[WidgetPage, State]:
    scene = SCENES[name]
    state = spoken_by_nobody(scene.state())
    monkeypatch.setitem(SCENES, name, Scene(lambda: state, scene.has_kernel, scene.is_lost, ""))
    return opened(page, name), state


def check(page: Page, state: State) -> None:
    assert uncatalogued(page.evaluate(READ, CODE), own_names(state)) == []


@pytest.mark.parametrize("name", SCENES)
def test_every_word_of_a_scene_is_in_the_catalogue(
    page: Page, page_log: PageLog, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    widget, state = open_in(page, name, monkeypatch)
    widget.wait_until_still()
    check(page, state)
    assert page_log.errors == []


@pytest.mark.parametrize("name", ["playground-unit", "digits-unit"])
def test_so_is_what_opens_over_it(page: Page, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    widget, state = open_in(page, name, monkeypatch)
    root = widget.network.root
    more = root.get_by_role("button", name="⟦More⟧", exact=True)
    more.click()
    check(page, state)
    count = root.get_by_role("menu").locator("button").count()
    dialogs = 0
    for place in range(count):
        if place > 0:
            more.click()
        item = root.get_by_role("menu").locator("button").nth(place)
        if item.inner_text().startswith("⟦Size"):  # larger, it cuts a person's own names, which are then unknown here
            page.keyboard.press("Escape")
            continue
        item.click()
        check(page, state)
        dialog = root.get_by_role("dialog")
        if dialog.is_visible():
            dialogs += 1
            choice = dialog.locator("select")
            for option in range(choice.locator("option").count() if choice.count() else 0):
                choice.select_option(index=option)
                check(page, state)
        page.keyboard.press("Escape")
    assert dialogs >= 4
    page.keyboard.press("/")
    check(page, state)


@pytest.mark.parametrize("name", ["playground", "digits"])
def test_so_is_what_is_said_of_a_layer_a_unit_and_an_edge(
    page: Page, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    widget, state = open_in(page, name, monkeypatch)
    network = widget.network
    network.picture.focus()
    for key in [
        "ArrowRight",
        "i",
        "o",
        "p",
        "Enter",
        "ArrowUp",
        "ArrowUp",
        "Enter",
        "ArrowRight",
        "ArrowDown",
        "Enter",
    ]:
        page.keyboard.press(key)
        widget.wait_until_still()
        check(page, state)


@pytest.mark.parametrize("name", ["points", "digit"])
def test_so_is_what_is_drawn_on(page: Page, name: str) -> None:
    model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(10, activation="softmax")])
    pad = nv.PointPad() if name == "points" else nv.DigitPad(nv.NetworkView(model, data=np.eye(4, 64)))
    state = spoken_by_nobody(pad.get_state())
    widget = WidgetPage(page)
    widget.open(state)
    expect(page.locator("main [lang], main button").first).to_be_visible()
    assert uncatalogued(page.evaluate(READ, CODE), TERMS.split()) == []
    assert "⟦" in "".join(page.evaluate(READ, CODE))
    pad.close()


def test_a_word_outside_of_the_catalogue_is_found(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    _, state = open_in(page, "playground", monkeypatch)
    page.evaluate("() => document.querySelector('.nv-legend').append('3 layers')")
    page.evaluate("() => document.querySelector('.nv-timeline').setAttribute('title', 'moons_mlp lies')")
    assert uncatalogued(page.evaluate(READ, CODE), own_names(state)) == ["3 layers", "moons_mlp lies"]


def test_the_page_of_chinese_readers_is_chinese(page: Page) -> None:
    """Its own language, where nobody has chosen one: the page asks for the words, and speaks when they have come."""
    widget = WidgetPage(page)
    state = SCENES["playground"].state()
    widget.open(state)
    root = NetworkPage(page).root
    expect(root).to_have_attribute("lang", "en")
    page.evaluate("() => { document.documentElement.lang = 'zh-CN'; }")
    page.wait_for_function("() => stand.asked.some(({ op, args }) => op === 'speak' && args.language === 'zh')")
    expect(root).to_have_attribute("lang", "en")
    page.evaluate("(words) => stand.hear({ _words: { zh: words } })", page_words("zh"))
    expect(root).to_have_attribute("lang", "zh")
    expect(root.get_by_role("group", name="时间轴")).to_be_visible()
    page.evaluate("() => stand.hear({ _language: 'en' })")
    expect(root.get_by_role("group", name="Timeline")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_chinese(page: Page, theme: str) -> None:
    widget = opened(page, "playground-unit-zh")
    widget.set_theme(theme)
    widget.wait_until_still()
    root = widget.network.root
    assert findings(page) == []
    root.get_by_role("button", name="更多", exact=True).click()
    assert findings(page) == []
    root.get_by_role("menuitem", name="文字描述").click()
    expect(root.get_by_role("dialog", name="文字描述")).to_contain_text("51 个参数")
    assert findings(page) == []


def test_two_pages_of_one_view_each_speak_their_own_language(
    joined: JoinedPage, open_page: Callable[..., Page], kernel: KernelStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Python says is the same for both: in the language of the first that asked, until somebody chooses."""
    monkeypatch.setattr(LANGUAGE, "_of_page", None)  # it is put back
    trainer = moons_trainer(0)
    view = nv.NetworkView(trainer)
    try:
        english = joined.show_one(view).root
        second = JoinedPage(open_page(), kernel)
        chinese = second.show_one(view).root
        second.page.evaluate("() => { document.documentElement.lang = 'zh-CN'; }")
        expect(chinese).to_have_attribute("lang", "zh")
        expect(chinese.get_by_role("button", name="训练（空格）")).to_be_visible()
        expect(english).to_have_attribute("lang", "en")
        assert view.describe().startswith("moons_mlp：")
        nv.set_language("en")
        expect(chinese).to_have_attribute("lang", "en")
        assert view.describe().startswith("moons_mlp: ")
        nv.set_language("zh")
        expect(english).to_have_attribute("lang", "zh")
    finally:
        nv.set_language(None)
        trainer.stop()
