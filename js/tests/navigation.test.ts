// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { chainFrame, chainGraph, scenery } from "../demo/frames.ts";
import { createMlp, seeded } from "../demo/mlp.ts";
import { networkView } from "../src/networkView.ts";
import { Session } from "../src/session/session.ts";
import { MemoryChannel } from "../src/stream/memoryChannel.ts";
import { MOST_ROWS } from "../src/ui/places/treeRows.ts";
import { fakeCanvas } from "./fakeCanvas.ts";
import { until } from "./until.ts";

const layers = createMlp([2, 6, 4, 1], ["tanh", "tanh", "sigmoid"], seeded(3));

function setUp(sizes: readonly number[] = [2, 6, 4, 1]) {
  const own =
    sizes.length === 4
      ? layers
      : createMlp(
          sizes,
          sizes.slice(1).map(() => "tanh"),
          seeded(2),
        );
  const life = new AbortController();
  const session = new Session(new MemoryChannel({ height: 640 }, life.signal), life.signal);
  const host = document.createElement("div");
  document.body.append(host);
  networkView(session, host, life.signal);
  const names = sizes.slice(1).map((_, i) => `dense_${i}`);
  const x = Float32Array.from({ length: sizes[0] ?? 1 }, (_, i) => 0.4 - i * 0.3);
  session.store.update({
    graph: chainGraph("moons", own, names, [sizes[0] ?? 1]),
    scenery: scenery({ sampleCount: 10 }),
    frame: chainFrame(own, { index: 0, x, y: [1], target: 1 }, {}, null),
  });
  vi.advanceTimersByTime(40);
  const press = (key: string, more: KeyboardEventInit = {}) => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
    (document.activeElement ?? host).dispatchEvent(event);
    vi.advanceTimersByTime(400);
    return event;
  };
  const item = () => document.activeElement?.textContent ?? "";
  const enter = () => host.querySelector<HTMLElement>(".nv-canvas [tabindex='0']")?.focus();
  return { life, session, host, press, item, enter };
}

/** What is peeked with comes after the picture. */
const peeks = (host: HTMLElement) => until(() => expect(host.querySelector("[role=tooltip]")).not.toBeNull());

beforeEach(() => {
  vi.useFakeTimers({
    toFake: [
      "setTimeout",
      "clearTimeout",
      "setInterval",
      "clearInterval",
      "requestAnimationFrame",
      "cancelAnimationFrame",
      "performance",
      "Date",
    ],
  });
  fakeCanvas(1000, 560);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

describe("the tree of the picture", () => {
  test("is the one tab stop of the network, and arrows move the focus through it", () => {
    const { host, press, item, enter } = setUp();
    const stops = host.querySelectorAll(".nv-canvas [tabindex='0'], .nv-canvas[tabindex='0']");
    expect(stops).toHaveLength(1);
    expect(stops[0]?.getAttribute("role")).toBe("treeitem");
    enter();
    press("ArrowRight");
    expect(item()).toMatch(/^dense_0, unit \d of 6, tanh, output [+−]/);
    press("End");
    press("ArrowUp");
    expect(item()).toMatch(/^dense_0, unit 4 of 6/);
    expect(document.activeElement?.getAttribute("aria-posinset")).toBe("5");
    expect(document.activeElement?.getAttribute("aria-level")).toBe("2");
    expect(host.querySelectorAll(".nv-canvas [tabindex='0']")).toHaveLength(1);
    expect(document.activeElement?.getAttribute("tabindex")).toBe("0");
  });
  test("of a large layer mounts at most fifty items and keeps the focus while it moves on", () => {
    const { host, press, item, enter } = setUp([3, 300, 2]);
    enter();
    press("ArrowRight");
    press("Home");
    for (let i = 0; i < 6; i++) press("PageDown");
    press("ArrowDown");
    expect(item()).toMatch(/^dense_0, unit 61 of 300/);
    expect(document.activeElement?.getAttribute("aria-posinset")).toBe("62");
    expect(host.querySelectorAll("[role=treeitem]").length).toBeLessThanOrEqual(MOST_ROWS);
    expect(document.activeElement?.getAttribute("role")).toBe("treeitem");
  });
  test("Enter inspects what has the focus; Esc goes up to the layer, then lets go, and keeps the focus", () => {
    const { press, session, enter, item } = setUp();
    enter();
    press("ArrowRight");
    press("Home");
    press("Enter");
    expect(session.state.values.selection).toEqual({ layer: "L1", unit: 0 });
    press("Escape");
    expect(session.state.values.selection).toEqual({ layer: "L1", unit: null });
    press("Escape");
    expect(session.state.values.selection).toBeNull();
    expect(press("Escape").defaultPrevented).toBe(false);
    expect(item()).toMatch(/^dense_0, unit 0 of 6/);
  });
  test("arrows reach the line of a layer, which Enter chooses and its head shows", () => {
    const { press, session, host, enter, item } = setUp();
    enter();
    press("ArrowRight");
    press("Home");
    press("ArrowUp");
    expect(item()).toBe("dense_0, 6 units, tanh");
    const line = document.activeElement;
    const says = (name: string) => line?.getAttribute(`aria-${name}`);
    expect([says("level"), says("posinset"), says("setsize"), says("expanded")]).toEqual(["1", "2", "4", "true"]);
    expect(says("selected")).toBe("false");
    press("Enter");
    expect(session.state.values.selection).toEqual({ layer: "L1", unit: null });
    expect(says("selected")).toBe("true");
    expect(host.querySelectorAll("[role=treeitem][aria-selected=true]")).toHaveLength(1);
    const ring = (look: string) => host.querySelector(`rect.${look}`);
    const head = [...host.querySelectorAll("text.head")].find((text) => text.textContent === "dense_0");
    for (const look of ["selection", "focus"]) {
      const [top, height] = [Number(ring(look)?.getAttribute("y")), Number(ring(look)?.getAttribute("height"))];
      const baseline = Number(head?.getAttribute("y"));
      expect(baseline).toBeGreaterThan(top);
      expect(baseline).toBeLessThan(top + height);
    }
    press("ArrowRight");
    expect(item()).toBe("dense_1, 4 units, tanh");
    press("ArrowDown");
    expect(item()).toMatch(/^dense_1, unit 0 of 4/);
    expect(session.state.values.selection).toEqual({ layer: "L1", unit: null });
  });
  test("the edges of a layer as a whole are not followed, and it is said", () => {
    const { press, host, enter } = setUp();
    enter();
    press("ArrowUp");
    press("o");
    expect(host.querySelector("[role=status]:not([hidden])")?.textContent).toContain("go to a unit of this layer");
  });
  test("a new frame renews the numbers within a second and takes no focus", () => {
    const { press, session, enter, item } = setUp();
    enter();
    press("ArrowRight");
    const before = item();
    const frame = chainFrame(layers, { index: 1, x: [-1, 1], y: [0], target: 0 }, {}, null);
    session.store.update({ frame });
    vi.advanceTimersByTime(1100);
    expect(item()).not.toBe(before);
    expect(document.activeElement?.getAttribute("role")).toBe("treeitem");
  });
});

describe("following edges", () => {
  test("P goes to the strongest input, Shift and P to the next strongest of the same unit", async () => {
    const { press, item, enter, session, host } = setUp();
    await peeks(host);
    enter();
    press("ArrowRight");
    press("ArrowRight");
    press("Home");
    const kernel = layers[1]?.kernel ?? new Float32Array();
    const order = [0, 1, 2, 3, 4, 5].sort((a, b) => Math.abs(kernel[b * 4] ?? 0) - Math.abs(kernel[a * 4] ?? 0));
    press("p");
    expect(item()).toContain(`dense_0, unit ${order[0]} of 6`);
    expect(session.state.values.hover).toEqual({ layer: "L2", unit: 0, source: order[0], sourceLayer: "L1" });
    expect(host.querySelector("[role=tooltip]:not([hidden])")?.textContent).toContain("weight w");
    press("P", { shiftKey: true });
    expect(item()).toContain(`dense_0, unit ${order[1]} of 6`);
    press("P", { shiftKey: true });
    expect(item()).toContain(`dense_0, unit ${order[2]} of 6`);
    press("ArrowDown");
    expect(session.state.values.hover).toBeNull();
  });
  test("where a unit's edges are not measured, it is said", () => {
    const { press, host, enter } = setUp([3, 900, 8]);
    enter();
    press("ArrowRight");
    press("o");
    expect(host.querySelector("[role=status]:not([hidden])")?.textContent).toContain("Press Enter");
  });
});

describe("peeking by key", () => {
  test("I shows the tooltip of what has the focus; Esc hides it and nothing else", async () => {
    const { press, session, enter, host } = setUp();
    await peeks(host);
    const tooltip = () => host.querySelector("[role=tooltip]:not([hidden])");
    enter();
    press("ArrowRight");
    press("Enter");
    press("i");
    expect(tooltip()?.textContent).toContain("output a");
    press("Escape");
    expect(tooltip()).toBeNull();
    expect(session.state.values.selection).not.toBeNull();
    press("i");
    expect(tooltip()).not.toBeNull();
    press("ArrowDown");
    expect(tooltip()).toBeNull();
  });
});

describe("zooming by key", () => {
  test("+ enlarges and shows the buttons, 0 fits and takes them away", () => {
    const { press, host, enter } = setUp();
    const zoom = () => host.querySelector("[role=group][aria-label=Zoom]:not([hidden])");
    enter();
    expect(zoom()).toBeNull();
    press("+");
    press("+");
    expect(zoom()?.textContent).toContain("156%");
    press("-");
    expect(zoom()?.textContent).toContain("125%");
    press("0");
    expect(zoom()).toBeNull();
  });
  test("a plain wheel is left to the page; with Ctrl it zooms", () => {
    const { host } = setUp();
    const picture = host.querySelector(".nnvis-picture");
    const wheel = (more: WheelEventInit) => {
      const event = new WheelEvent("wheel", { deltaY: -50, bubbles: true, cancelable: true, ...more });
      picture?.dispatchEvent(event);
      vi.advanceTimersByTime(40);
      return event.defaultPrevented;
    };
    expect(wheel({})).toBe(false);
    expect(host.querySelector("[aria-label=Zoom]:not([hidden])")).toBeNull();
    expect(wheel({ ctrlKey: true })).toBe(true);
    expect(host.querySelector("[aria-label=Zoom]:not([hidden])")).not.toBeNull();
    expect(wheel({})).toBe(false);
  });
});

describe("the search", () => {
  const optionsOf = (host: HTMLElement) =>
    [...host.querySelectorAll("[role=option]")].map((option) => option.firstChild?.textContent);

  test("/ opens it, arrows choose, Enter goes there with the focus", async () => {
    const { press, host, enter, session, item } = setUp();
    enter();
    press("/");
    const opened = () => host.querySelector<HTMLInputElement>("input[role=combobox]");
    await until(() => expect(opened()).not.toBeNull());
    const field = opened();
    expect(document.activeElement).toBe(field);
    if (field === null) throw new Error("no field");
    field.value = "3";
    field.dispatchEvent(new Event("input"));
    expect(optionsOf(host)).toEqual(["dense_0 · 3", "dense_1 · 3"]);
    press("ArrowDown");
    const active = field.getAttribute("aria-activedescendant") ?? "";
    expect(document.getElementById(active)?.getAttribute("aria-selected")).toBe("true");
    press("Enter");
    expect(session.state.values.selection).toEqual({ layer: "L2", unit: 3 });
    expect(item()).toMatch(/^dense_1, unit 3 of 4/);
    expect(host.querySelector("[role=search]:not([hidden])")).toBeNull();
    expect(host.querySelector("[aria-label=Zoom]:not([hidden])")).not.toBeNull();
  });
  test("Esc closes it and gives the focus back", async () => {
    const { press, host, enter } = setUp();
    enter();
    const before = document.activeElement;
    press("/");
    await until(() => expect(document.activeElement).not.toBe(before));
    press("Escape");
    expect(host.querySelector("[role=search]:not([hidden])")).toBeNull();
    expect(document.activeElement).toBe(before);
  });
});

test("no key pressed in the network, in the search or on a button is heard by the host page", async () => {
  const { press, host, enter } = setUp();
  const heard: string[] = [];
  document.addEventListener("keydown", (event) => heard.push(event.key));
  const keys = [..."abcdlmopixyz0123[]/?+-,. ", "Enter", "Escape", "ArrowDown", "PageDown", "Delete"];
  enter();
  for (const key of keys) {
    press(key);
    if (key === "/" || key === "?") press("Escape");
    enter();
  }
  press("/");
  await until(() => expect(host.querySelector("[role=search]:not([hidden])")).not.toBeNull());
  for (const key of ["a", "b", "Enter"]) press(key);
  host.querySelector<HTMLElement>(".nv-header button")?.focus();
  for (const key of ["b", "d", "Escape"]) press(key);
  expect(heard).toEqual([]);
});
