"""Pictures of the view in files, out of real pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import keras
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

import nnvis_widget as nv

from .joined_page import JoinedPage
from .page_log import PageLog
from .processes import wait_until
from .sample_views import moons, moons_state, moons_trainer
from .widget_page import WidgetPage

SVG = "{http://www.w3.org/2000/svg}"

# The ramps' ends of visual.md, section 2, and the grounds of the two themes.
VALUE_ENDS = {"light": ((0x9C, 0x3D, 0x00), (0x0A, 0x46, 0x7D)), "dark": ((0xFF, 0xC4, 0x8F), (0xB0, 0xDC, 0xFF))}
GROUNDS = {"light": (255, 255, 255), "dark": (0x21, 0x21, 0x21)}

SCROLL_AWAY = """() => {
  document.body.style.paddingBottom = "3000px"
  scrollTo(0, 2500)
}"""

IS_OUT_OF_SIGHT = """() => {
  const box = document.querySelector("section.nv")?.getBoundingClientRect()
  return box === undefined || box.height === 0 || box.bottom <= 0 || box.top >= innerHeight
}"""

EVIL = "<script>document.title='bad'<b>&amp;"


def wait_for(path: Path) -> Path:
    wait_until(path.is_file, f"{path.name} from the page")
    return path


def opened(path: Path) -> Image.Image:
    image = Image.open(wait_for(path))
    image.load()
    return image.convert("RGB")


def count_near(image: Image.Image, color: tuple[int, int, int], tolerance: int = 40) -> int:
    pixels = np.asarray(image).astype(int)
    return int((np.abs(pixels - color).max(axis=-1) <= tolerance).sum())


def texts(path: Path) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.parse(wait_for(path)).getroot().iter(f"{SVG}text")]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    assert not list(tmp_path.glob("*.part"))


def test_pictures_reach_their_files_in_the_theme_that_was_asked_for(joined: JoinedPage, folder: Path) -> None:
    view = nv.NetworkView(moons_trainer(0))
    joined.show(view)
    view.save_png(folder / "dark.png", theme="dark")
    view.save_png(folder / "light.png", theme="light", scale=1)
    view.save_svg(folder / "light.svg", theme="light")
    light, dark = opened(folder / "light.png"), opened(folder / "dark.png")
    assert dark.size == (2 * light.width, 2 * light.height)
    for image, theme in ((light, "light"), (dark, "dark")):
        assert image.getpixel((2, 2)) == GROUNDS[theme]
        for end in VALUE_ENDS[theme]:
            assert count_near(image, end) > 10, (theme, end)
        other = "dark" if theme == "light" else "light"
        assert count_near(image, GROUNDS[other], 2) < 0.02 * image.width * image.height
    said = texts(folder / "light.svg")
    assert "moons_mlp" in said
    assert any(re.search(r"2 → 6 → 4 → 1 · 51 parameters", text) for text in said)


def test_the_edges_of_the_file_are_the_weights_of_the_model(joined: JoinedPage, folder: Path) -> None:
    view = nv.NetworkView(moons_trainer(0))
    joined.show(view)
    view.save_svg(folder / "a.svg")
    root = ElementTree.parse(wait_for(folder / "a.svg")).getroot()
    kernels = [layer.kernel.numpy().ravel() for layer in view.model.layers]
    sizes = [np.abs(np.float32(kernel)) for kernel in kernels]
    scales = [np.quantile(size, 0.98, method="inverted_cdf") for size in sizes]
    widths = [
        float(path.get("stroke-width", "0"))
        for path in root.iter(f"{SVG}path")
        if re.fullmatch(r"M[^MC]*C[^MC]*", path.get("d", ""))
    ]
    shares = np.concatenate([size / scale for size, scale in zip(sizes, scales, strict=True)])
    expected = 0.75 + 5 * np.minimum(1, shares)
    assert np.allclose(np.sort(widths), np.sort(expected), atol=0.011)


def test_markup_in_a_name_stays_text_and_the_page_saves_by_its_menu(
    joined: JoinedPage, folder: Path, page_log: PageLog
) -> None:
    inputs = keras.Input((2,), name="first")
    hidden = keras.layers.Dense(3, "tanh", name="hidden")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1, "sigmoid", name="last")(hidden), name=EVIL)
    page, network = joined.page, joined.show_one(nv.NetworkView(model, data=moons()))
    for format_name, colours, suffix in (("SVG", None, "svg"), ("PNG", "Dark", "png")):
        network.root.get_by_role("button", name="More", exact=True).click()
        network.root.get_by_role("menuitem", name="Save the whole picture").click()
        sheet = network.root.get_by_role("dialog", name="Save the picture")
        sheet.get_by_role("radio", name=format_name).click()
        expect(sheet.get_by_role("radio", name="Light")).to_be_checked()
        if colours is not None:
            sheet.get_by_role("radio", name=colours).click()
        with page.expect_download() as download:
            sheet.get_by_role("button", name="Save the picture").click()
        expect(sheet).to_be_hidden()
        assert re.fullmatch(rf"[\w.-]+-step-0\.{suffix}", download.value.suggested_filename)
        download.value.save_as(folder / f"page.{suffix}")
        expect(network.root.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    svg = (folder / "page.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(svg)
    assert not [
        element for element in root.iter() if element.tag.split("}")[1] in ("script", "foreignObject", "b", "a")
    ]
    assert any(text.startswith("<script>document.title=") for text in texts(folder / "page.svg"))
    assert not re.search(r'(?:href|src)="(?!data:image/png;base64,)', svg)
    image = opened(folder / "page.png")
    assert image.width == 2 * int(float(root.get("width", "0")))
    assert image.getpixel((2, 2)) == GROUNDS["dark"]

    # a browser that opens the file runs nothing and asks nobody
    viewer = page.context.new_page()
    seen: list[str] = []
    viewer.on("request", lambda request: seen.append(request.url))
    viewer.goto((folder / "page.svg").as_uri())
    assert viewer.evaluate("document.documentElement.nodeName") == "svg"
    viewer.goto("about:blank")
    viewer.set_content(f"<!doctype html><body>{svg}</body>")
    assert viewer.title() != "bad"
    assert not [url for url in seen if not url.startswith(("data:", "about:", "file:"))]
    viewer.close()
    assert not page_log.outside


def test_a_view_out_of_sight_is_saved_as_it_is_now(joined: JoinedPage, folder: Path) -> None:
    trainer = moons_trainer(0)
    view = nv.NetworkView(trainer)
    joined.show(view)
    joined.page.evaluate(SCROLL_AWAY)
    assert joined.page.evaluate(IS_OUT_OF_SIGHT)
    trainer.run_steps(25)
    trainer.wait()
    view.save_svg(folder / "far.svg")
    said = texts(folder / "far.svg")
    assert any(text.startswith("Epoch 5.0 (step 25)") for text in said), said


def test_the_tables_of_the_page_can_be_read_by_keyboard(page: Page) -> None:
    widget = WidgetPage(page)
    widget.open(moons_state())
    network = widget.network
    network.wait_until_drawn()
    network.root.get_by_role("button", name="More", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(network.root.get_by_role("menuitem", name="Show as table")).to_be_focused()
    page.keyboard.press("Enter")
    sheet = network.root.get_by_role("dialog", name="Tables")
    expect(sheet).to_be_visible()
    choice = sheet.get_by_role("combobox", name="Table")
    for _ in range(12):
        page.keyboard.press("Tab")
        if choice.evaluate("element => element === document.activeElement"):
            break
    choice.select_option(label="Layers of the network")
    rows = sheet.get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(5)
    expect(sheet.get_by_role("row", name=re.compile(r"^dense_2 "))).to_contain_text("28")
    expect(sheet.get_by_role("button", name="Copy all rows as CSV")).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
