// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { denseLayer, emptyFrame, graph, layer, section } from "../demo/frames.ts";
import { readNodes } from "../src/layout/readNodes.ts";
import { buildRamps } from "../src/theme/ramps.ts";
import { createVolumePanel } from "../src/ui/inspector/volumePanel.ts";

const deep = graph(
  "deep",
  [
    layer("I", "input", "InputLayer", [5, 4, 4, 1]),
    layer("V", "volumes", "Conv3D", [5, 2, 1, 20], { role: "conv" }),
    denseLayer("D", "dense", 200, 1, "linear"),
  ],
  [
    ["I", "V"],
    ["V", "D"],
  ],
);
const [, node] = readNodes(deep);
const ramps = buildRamps("light");
const told = { lo: 0, hi: 2, maps: [3, 7], size: [5, 2, 1, 20] };
const shown = emptyFrame([section("volume_picture", "V", "", [2, 5, 2, 1], new Uint8Array(20), told)]);

function panelOf(frame = shown, unit: number | null = null) {
  if (node === undefined) throw new Error("Not there.");
  const panel = createVolumePanel(new AbortController().signal);
  panel.set(node, unit, frame, ramps);
  const slider = panel.element.querySelector("input");
  if (slider === null) throw new Error("Not there.");
  const maps = () => [...panel.element.querySelectorAll("figcaption")].map(({ textContent }) => textContent);
  return { element: panel.element, slider, maps };
}

describe("a layer slice by slice", () => {
  test("begins with the first, and goes where the slider is", () => {
    const { element, slider, maps } = panelOf();
    expect([slider.value, slider.max]).toEqual(["0", "4"]);
    expect(element.textContent).toContain("Slice 0, of 5");
    expect(maps()).toEqual(["map 3", "map 7"]);
    slider.value = "3";
    slider.dispatchEvent(new Event("input"));
    expect(element.textContent).toContain("Slice 3, of 5");
    expect(slider.getAttribute("aria-valuetext")).toBe("Slice 3, of 5");
  });

  test("says that not all maps are drawn, and shows the chosen one alone", () => {
    expect(panelOf().element.textContent).toContain("2 × 1, 2 of 20 maps: those of the largest mean size");
    expect(panelOf(shown, 7).maps()).toEqual(["map 7"]);
    expect(panelOf(shown, 8).maps()).toEqual(["map 3", "map 7"]);
  });

  test("of more slices than are drawn names those that one stands for", () => {
    const many = { ...told, size: [9, 2, 1, 2] };
    const { element } = panelOf(
      emptyFrame([section("volume_picture", "V", "", [2, 5, 2, 1], new Uint8Array(20), many)]),
    );
    expect(element.textContent).toContain("Slice 0, of 9");
    expect(element.textContent).toContain("means over blocks");
  });

  test("names the states of a convolutional recurrent layer, and time", () => {
    const states = ["h", "c"].map((name) =>
      section("volume_picture", "V", name, [2, 5, 2, 1], new Uint8Array(20), told),
    );
    const { element } = panelOf(emptyFrame(states));
    expect(element.textContent).toContain("Time step 0, of 5");
    expect(element.textContent).toContain("state h");
    expect(element.textContent).toContain("cell state c");
  });

  test("that cannot be told is said not to be", () => {
    const { element } = panelOf(emptyFrame([section("volume_picture", "V", "", [0, 0, 0, 0], new Uint8Array())]));
    expect(element.textContent).toContain("Not told");
    expect(panelOf(emptyFrame([])).element.hidden).toBe(true);
  });
});
