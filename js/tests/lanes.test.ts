// @vitest-environment jsdom
import { describe, expect, test, vi } from "vitest";
import { denseLayer, emptyFrame, graph, layer, section } from "../demo/frames.ts";
import { Frame, type Section } from "../src/core/frame.ts";
import { readLanes } from "../src/draw/read/lanes.ts";
import { readNodes } from "../src/layout/readNodes.ts";
import { buildRamps } from "../src/theme/ramps.ts";
import { createLanePanel } from "../src/ui/inspector/lanePanel.ts";
import { readUnit } from "../src/ui/words/readUnit.ts";

const attention = { queries: 3, keys: 4, heads: 4, block: [1, 1], queryInput: "I", keyInput: null } as const;
const looking = graph(
  "looking",
  [
    layer("I", "input", "InputLayer", [3]),
    layer("A", "look", "GroupedQueryAttention", [3, 8], { role: "attention", attention }),
    denseLayer("D", "dense", 24, 1, "linear"),
  ],
  [
    ["I", "A"],
    ["A", "D"],
  ],
);
const nodes = readNodes(looking);
const node = nodes[1] ?? fail();
const ramps = buildRamps("light");
const place = [1, 2] as const;
const selection = { layer: "A", unit: 3, place };

function lane(name: string, rows: number, more = {}): Section[] {
  const told = { unit: 3, head: 1, heads: 2, size: 2, kernel: [5, 2, 2], lo: -0.5, hi: 0.5, ...more };
  const codes = Uint8Array.from({ length: 2 * rows }, (_, at) => (at === 0 ? 0 : 255 - at));
  return [
    section("lane_picture", "A", name, [rows, 2], codes, told),
    section("lane_row", "A", name, [2], Float32Array.from([0.25, -0.125]), { unit: 3, place: 1, size: 2 }),
  ];
}

const plain = emptyFrame([...lane("query", 3), ...lane("key", 4), ...lane("value", 4)]);
const named = { ...plain.header, tokens: { I: ["a", "b", "c"] } };
const frame = new Frame(named, plain.scalars, plain.hyperparameters, plain.sections, 0);

function panelOf(shown = frame, chosen: typeof selection | { layer: string; unit: number } = selection) {
  const reading = readUnit(nodes, shown, { layer: "A", unit: 3 }) ?? fail();
  const [move, hover] = [vi.fn(), vi.fn()];
  const panel = createLanePanel(move, hover, new AbortController().signal);
  const set = (over: typeof selection | null = null) => panel.set(reading, shown, chosen, over, ramps);
  set();
  const lanes = [...panel.element.querySelectorAll<HTMLElement>(".nv-lane")];
  return { element: panel.element, move, hover, set, lanes };
}

/** The rows that are marked, as shares of the height; none is empty. */
function marked(lanes: HTMLElement[], kind: string): string[] {
  return lanes.map((one) => {
    const mark = one.querySelector<HTMLElement>(`.nv-lane-${kind}`);
    return mark === null || mark.hidden ? "" : `${mark.style.top} ${mark.style.height}`;
  });
}

function pictureOf(one: HTMLElement | undefined): HTMLElement {
  const picture = one?.querySelector<HTMLElement>(".nv-pixels") ?? fail();
  picture.getBoundingClientRect = () => ({ top: 100, height: 40 }) as DOMRect;
  return picture;
}

describe("the vectors of a head of attention", () => {
  test("are read of the chosen head only", () => {
    expect(readLanes(frame, node, 3)?.map(({ name, rows }) => `${name} ${rows}`)).toEqual([
      "query 3",
      "key 4",
      "value 4",
    ]);
    expect(readLanes(frame, node, 2)).toBeNull();
    const query = readLanes(frame, node, 3)?.[0];
    expect(query?.share(0)).toBeNaN();
    expect(query?.share(1)).toBeCloseTo(253 / 254);
  });

  test("mark what looks in the queries, what is looked at in the keys and values", () => {
    const { lanes, set } = panelOf();
    expect(marked(lanes, "chosen").map((one) => one.split(".")[0])).toEqual(["33", "50% 25%", "50% 25%"]);
    expect(marked(lanes, "pointed")).toEqual(["", "", ""]);
    set({ ...selection, place: [1, 0] as never });
    expect(marked(lanes, "pointed").slice(1)).toEqual(["0% 25%", "0% 25%"]);
  });

  test("lead to another place that looks, or is looked at", () => {
    const { lanes, move, hover } = panelOf();
    pictureOf(lanes[0]).dispatchEvent(new MouseEvent("click", { clientY: 139 }));
    expect(move).toHaveBeenLastCalledWith([2, 2]);
    pictureOf(lanes[2]).dispatchEvent(new MouseEvent("click", { clientY: 101 }));
    expect(move).toHaveBeenLastCalledWith([1, 0]);
    pictureOf(lanes[1]).dispatchEvent(new MouseEvent("pointermove", { clientY: 101 }));
    pictureOf(lanes[1]).dispatchEvent(new MouseEvent("pointermove", { clientY: 102 }));
    expect(hover.mock.calls).toEqual([[[1, 0]]]);
    pictureOf(lanes[1]).dispatchEvent(new MouseEvent("pointerleave"));
    expect(hover).toHaveBeenLastCalledWith(null);
  });

  test("say their numbers, which heads share them, and what projects them", () => {
    const { element } = panelOf();
    expect(element.textContent).toContain("query of 1 · b: +0.250, −0.125 (2 in all)");
    expect(element.textContent).toContain("key of place 2: ");
    expect(element.textContent).toContain("Heads 2–3 share key and value 1.");
    expect(element.querySelector("dl")?.textContent).toContain("key/kernel5 × 2 × 2");
  });

  test("of a layer without projections are what comes in, and no place is marked where none is chosen", () => {
    const given = { kernel: null, heads: 4, head: 3 };
    const shown = emptyFrame([...lane("query", 3, given).slice(0, 1), ...lane("value", 4, given).slice(0, 1)]);
    const { element, lanes } = panelOf(shown, { layer: "A", unit: 3 });
    expect(element.textContent).toContain("The layer has no projections: these are what comes in.");
    expect(lanes.map((one) => (one.hidden ? "" : one.querySelector("figcaption")?.textContent))).toEqual([
      "query",
      "",
      "key and value",
    ]);
    expect(marked(lanes, "chosen")).toEqual(["", "", ""]);
    expect(element.querySelector("dl")?.textContent).toBe("");
  });

  test("that are not known are said not to be", () => {
    const { element } = panelOf(emptyFrame([section("lane_picture", "A", "", [0, 0], new Uint8Array())]));
    expect(element.textContent).toContain("Not told");
    expect(element.hidden).toBe(false);
    expect(panelOf(emptyFrame([])).element.hidden).toBe(true);
  });
});

function fail(): never {
  throw new Error("Not there.");
}
