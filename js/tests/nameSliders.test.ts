// @vitest-environment jsdom
import { expect, test } from "vitest";
import { nameSliders } from "../src/panel/nameSliders.ts";

const HANDLE = '<div class="noUi-handle" role="slider"></div>';

function namesIn(html: string): (string | null)[] {
  const place = document.createElement("div");
  place.append(document.createRange().createContextualFragment(html));
  nameSliders(place);
  return [...place.querySelectorAll(".noUi-handle, select")].map((handle) => handle.getAttribute("aria-label"));
}

test("a handle is named by the label of its own widget, or by the first one in its row", () => {
  const own = `<div class="jupyter-widgets"><label class="widget-label">Time</label>${HANDLE}</div>`;
  const row = `<div class="widget-hbox"><div class="jupyter-widgets widget-label">Learning rate</div>
    <div class="jupyter-widgets"><label class="widget-label"></label>${HANDLE}</div><div class="jupyter-widgets widget-label">0.01</div></div>`;
  expect(namesIn(own + row)).toEqual(["Time", "Learning rate"]);
});

test("a choice without a description has the name of its row", () => {
  const row = `<div class="widget-hbox"><div class="jupyter-widgets widget-label">Pace</div>
    <div class="jupyter-widgets widget-dropdown"><label class="widget-label"></label><select></select></div></div>`;
  expect(namesIn(row)).toEqual(["Pace"]);
});

test("a name that is there stays, and without a label there is none", () => {
  const named =
    '<div class="jupyter-widgets"><label class="widget-label">Other</label><i class="noUi-handle" aria-label="Mine"></i></div>';
  expect(namesIn(named + HANDLE)).toEqual(["Mine", null]);
});
