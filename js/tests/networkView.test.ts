// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Frame } from "../src/core/frame.ts";
import { emptyLegend } from "../src/draw/say/legend.ts";
import { networkView } from "../src/networkView.ts";
import { Session } from "../src/session/session.ts";
import type { FrameStore } from "../src/store/frameStore.ts";
import { MemoryChannel, type OperationHandler } from "../src/stream/memoryChannel.ts";
import { graphJson, snapshotBytes, type TestSection } from "./encodeFrame.ts";
import { until } from "./until.ts";

let pictureFails = false;

vi.mock("../src/interact/picture.ts", () => ({
  createPicture(
    _host: HTMLElement,
    store: FrameStore,
    _state: unknown,
    signal: AbortSignal,
    drawn: (f: Frame) => void,
  ) {
    if (pictureFails) throw new Error("no canvas here");
    store.subscribe(() => {
      if (store.frame !== null) drawn(store.frame);
    }, signal);
    const still = {
      resize() {},
      destroy() {},
      moveFocus() {},
      zoomBy() {},
      fit() {},
      show() {},
      reveal() {},
      boxOf: () => null,
    };
    const silent = { onLegend() {}, onFocus() {}, onPeek() {}, onMove() {} };
    const mountTree = (tree: HTMLElement) => _host.append(tree);
    return { ...still, ...silent, mountTree, legend: emptyLegend, element: _host, focus: null };
  },
}));

const kernel = Float32Array.of(0.5, -1.25, 2, 0.125, 0.75, -0.375);
const sections: TestSection[] = [
  { quantity: "activation", layer: "L0", values: Float32Array.of(0.3, -0.7) },
  { quantity: "activation", layer: "L1", values: Float32Array.of(0.1, -0.42, 0.9) },
  { quantity: "weight", layer: "L1", name: "kernel", values: kernel, shape: [2, 3] },
  { quantity: "weight", layer: "L1", name: "bias", values: Float32Array.of(0.1, 0.2, 0.3) },
  { quantity: "z", layer: "L1", values: Float32Array.of(0.1, 0.3 * -1.25 - 0.7 * 0.75 + 0.2, 1) },
  { quantity: "weight", layer: "L2", name: "kernel", values: Float32Array.of(1, -2, 3), shape: [3, 1] },
  { quantity: "kept", values: Float32Array.of(0, 10, 20) },
  { quantity: "curve", name: "loss", values: Float32Array.of(0, 1, 1, 1, 20, 0.1, 0.1, 0.1), shape: [2, 4] },
];

function setUp(handle?: OperationHandler, traits: Record<string, unknown> = {}) {
  const life = new AbortController();
  const asked: [string, unknown][] = [];
  const all = { graph: graphJson(), step: null, height: 640, ...traits };
  const channel = new MemoryChannel(all, life.signal, (op, args) => {
    asked.push([op, args]);
    return handle ? handle(op, args) : { ok: true, reason: "" };
  });
  const session = new Session(channel, life.signal);
  const host = document.createElement("div");
  document.body.append(host);
  networkView(session, host, life.signal);
  const push = (change: Record<string, unknown> = {}, own = sections) => {
    channel.push({ kind: "frame", seq: 1 }, snapshotBytes({ latest_step: 20, ...change }, own));
    vi.advanceTimersByTime(20);
  };
  const button = (name: RegExp) => {
    const found = [...host.querySelectorAll("button")].find((each) => name.test(each.getAttribute("aria-label") ?? ""));
    if (found === undefined) throw new Error(`no button ${name}`);
    return found;
  };
  const root = host.querySelector<HTMLElement>(".nv");
  const slider = host.querySelector<SVGElement>("[role=slider]");
  if (root === null || slider === null) throw new Error("no view");
  return { life, asked, channel, session, host, root, slider, push, button };
}

const numberOf = (text: string | null | undefined) => Number((text ?? "").replace("−", "-").replace("+", ""));

describe("networkView", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    pictureFails = false;
  });
  afterEach(() => {
    vi.useRealTimers();
    document.body.replaceChildren();
  });

  test("shows name, facts and state as text", () => {
    const { host, push } = setUp();
    push();
    expect(host.querySelector("h2")?.textContent).toBe("moons");
    expect(host.querySelector(".nv-facts")?.textContent).toBe("2 → 3 → 1 · 13 parameters · Adam 0.001");
    expect(host.querySelector(".nv-pill")?.textContent).toBe("Live · epoch 1.0");
  });

  test.each([
    [{ state: "paused" }, "Paused"],
    [{ state: "failed", problem: { title: "Loss became NaN", text: "Traceback\n line" } }, "Stopped"],
    [{ state: "idle", step: 0, commands: ["start"] }, "Ready"],
    [{ state: "idle", step: 0, commands: [] }, "At rest"],
    [{ state: "running", is_following: false, step: 10 }, "Viewing epoch 1.0"],
    [{ state: "running", is_following: false, step: 13 }, "Viewing epoch 1.3"],
  ])("a frame with %o reads %s", (change, word) => {
    const { host, push } = setUp();
    push(change);
    expect(host.querySelector(".nv-pill span")?.textContent).toBe(word);
  });

  test("the terms of the chosen unit add up to its z, and the same z stands above", () => {
    const { host, push } = setUp(undefined, { selection: { layer: "L1", unit: 1 } });
    push();
    const rows = [...(host.querySelectorAll(".nv-bars")[0]?.querySelectorAll(".nv-bar-row") ?? [])];
    const labels = rows.map((row) => row.querySelector(".nv-bar-label")?.textContent);
    expect(labels).toEqual(["x₁", "x₂", "bias", "z"]);
    const values = rows.map((row) => numberOf(row.querySelector(".nv-bar-number")?.textContent));
    const total = values.pop() ?? 0;
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0) - total)).toBeLessThanOrEqual(0.0010001);
    expect(total).toBeCloseTo(-0.7, 3);
    expect([...host.querySelectorAll("dd")].map((dd) => dd.textContent)).toContain("−0.700");
    expect(host.querySelector(".nv-inspector")?.textContent).toContain("dense · unit 1");
  });

  test("pointing at a term names the edge for the picture, and the picture's edge lights the term", () => {
    const { host, push, session } = setUp(undefined, { selection: { layer: "L1", unit: 1 } });
    push();
    const row = host.querySelectorAll(".nv-bar-row")[1];
    row?.dispatchEvent(new Event("pointerover", { bubbles: true }));
    expect(session.state.values.hover).toEqual({ layer: "L1", unit: 1, source: 1, sourceLayer: "L0" });
    row?.closest(".nv-bars")?.dispatchEvent(new Event("pointerleave"));
    expect(session.state.values.hover).toBeNull();
    row?.dispatchEvent(new Event("focusin", { bubbles: true }));
    expect(session.state.values.hover).toEqual({ layer: "L1", unit: 1, source: 1, sourceLayer: "L0" });
    row?.dispatchEvent(new Event("focusout", { bubbles: true }));
    expect(session.state.values.hover).toBeNull();
    session.state.set({ hover: { layer: "L1", unit: 1, source: 0, sourceLayer: "L0" } });
    vi.advanceTimersByTime(20);
    const lit = () => host.querySelector(".nv-bar-lit .nv-bar-label")?.textContent;
    expect(lit()).toBe("x₁");
    session.state.set({ hover: { layer: "L0", unit: 1 } });
    vi.advanceTimersByTime(20);
    expect(lit()).toBe("x₂");
    session.state.set({ hover: { layer: "L2", unit: 0, source: 1, sourceLayer: "L1" } });
    vi.advanceTimersByTime(20);
    expect(lit()).toBe("output · 0");
  });

  test("a term leads to its unit, and the inspector takes the focus", () => {
    const { host, push, session } = setUp(undefined, { selection: { layer: "L2", unit: 0 } });
    push();
    const rows = [...host.querySelectorAll<HTMLElement>(".nv-bar-row")];
    const row = rows.find((each) => each.textContent?.startsWith("dense · 2"));
    expect(row?.tagName).toBe("BUTTON");
    expect(row?.getAttribute("aria-label")).toBe("dense · 2: +3.00 × 0.90 = +2.700");
    expect(rows.find((each) => each.textContent?.startsWith("z"))?.tagName).toBe("DIV");
    row?.click();
    expect(session.state.values.selection).toEqual({ layer: "L1", unit: 2 });
    vi.advanceTimersByTime(20);
    expect(document.activeElement?.getAttribute("aria-label")).toBe("dense · unit 2");
  });

  test("the menu and the inspector open the charts as tables, and Tab stays inside", async () => {
    const { host, push, button, session } = setUp();
    push();
    const dialog = () => host.querySelector<HTMLElement>("[role=dialog]");
    const openByMenu = () => {
      button(/^More$/).click();
      const item = [...host.querySelectorAll<HTMLElement>("[role=menuitem]")].find(
        (each) => each.textContent === "Show as table",
      );
      item?.click();
    };
    openByMenu();
    const titles = () => [...host.querySelectorAll("option")].map((option) => option.textContent);
    await until(() => expect(titles()).toEqual(["Loss over the run", "Layers of the network"]));
    expect(host.querySelectorAll("tbody tr").length).toBe(2);
    session.state.set({ selection: { layer: "L1", unit: 1 } });
    button(/^Show as table$/).click();
    const cells = () => [...host.querySelectorAll("tbody tr")].map((row) => row.children[1]?.textContent);
    await until(() => expect(cells().slice(0, 3)).toEqual(["−1.250", "+0.750", "+0.200"]));
    const stops = new Set<Element | null>();
    for (let i = 0; i < 12; i++) {
      document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "Tab", bubbles: true }));
      expect(dialog()?.contains(document.activeElement)).toBe(true);
      stops.add(document.activeElement);
    }
    expect(stops.size).toBeGreaterThanOrEqual(5);
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    expect(dialog()?.parentElement?.hidden).toBe(true);
  });

  test("the time slider speaks, and arrows move it from kept step to kept step", () => {
    const { push, slider, session } = setUp();
    push({ step: 20 });
    expect(slider.getAttribute("aria-valuetext")).toBe("epoch 2.0 (step 20), train loss 0.500");
    slider.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
    expect(session.state.values.step).toBe(10);
    slider.dispatchEvent(new KeyboardEvent("keydown", { key: "Home", bubbles: true }));
    expect(session.state.values.step).toBe(0);
  });

  test("training is steered by commands, and a refusal is said", async () => {
    const { push, button, asked, host } = setUp((op) =>
      op === "pause" ? { ok: false, reason: "The training is already paused." } : { ok: true, reason: "" },
    );
    push();
    button(/^Pause training/).click();
    expect(asked.at(-1)?.[0]).toBe("pause");
    await vi.advanceTimersByTimeAsync(0);
    expect(host.querySelector("[role=status]:not([hidden])")?.textContent).toBe("The training is already paused.");
    expect(button(/^Train one step/).title).toContain("pause first");
    button(/^Train one step/).click();
    expect(asked.at(-1)?.[0]).toBe("pause");
  });

  test("the dial shows the pace in force, whoever chose it, and asks for another", async () => {
    const { push, host, asked } = setUp();
    const dial = () => host.querySelector<HTMLSelectElement>(".nv-pace:not([hidden]) select");
    push();
    expect(dial()).toBe(null); // somebody else takes the steps
    push({ pace: "30 epochs/s", commands: ["start", "set_pace"] });
    expect([dial()?.value, dial()?.disabled]).toEqual(["30 epochs/s", false]);
    push({ pace: "7 steps/s", commands: ["start", "set_pace"] });
    expect([dial()?.value, dial()?.options.length]).toEqual(["7 steps/s", 6]);
    const chosen = dial();
    if (chosen === null) throw new Error("no dial");
    chosen.value = "1 step/s";
    chosen.dispatchEvent(new Event("change"));
    expect(asked.at(-1)).toEqual(["setPace", { pace: "1 step/s" }]);
    push({ pace: "7 steps/s", commands: ["start", "set_pace"], step: 11 });
    expect(dial()?.value).toBe("1 step/s"); // on its way
    vi.advanceTimersByTime(2_000);
    push({ pace: "7 steps/s", commands: [], step: 12 });
    expect([dial()?.value, dial()?.disabled]).toEqual(["7 steps/s", true]);
  });

  test("keys work in the view and go no further", () => {
    const { push, root, asked, session } = setUp();
    push();
    const outside = vi.fn();
    document.addEventListener("keydown", outside);
    root.dispatchEvent(new KeyboardEvent("keydown", { key: " ", bubbles: true, cancelable: true }));
    expect(asked.at(-1)?.[0]).toBe("pause");
    session.seek(10);
    root.dispatchEvent(new KeyboardEvent("keydown", { key: "l", bubbles: true, cancelable: true }));
    expect(session.state.values.step).toBeNull();
    expect(outside).not.toHaveBeenCalled();
    document.removeEventListener("keydown", outside);
    expect(root.getAttribute("data-lm-suppress-shortcuts")).toBe("true");
  });

  test("with Ctrl they are heard by the host as keys of its page, also where one types", async () => {
    const { push, root } = setUp();
    push();
    const heard: unknown[] = [];
    const hear = (event: KeyboardEvent) => heard.push([event.key, event.target]);
    document.addEventListener("keydown", hear);
    const press = (key: string, ctrlKey: boolean, place: Element | null = root) =>
      place?.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true, cancelable: true }));
    press("s", true);
    press("/", false);
    const field = () => root.querySelector("[role=search] input");
    await until(() => expect(field()).not.toBeNull());
    press("s", true, field());
    press("s", false, field());
    document.removeEventListener("keydown", hear);
    expect(heard).toEqual([
      ["s", document.body],
      ["s", document.body],
    ]);
  });

  test("a failed training shows its title as an alert and the traceback on demand", () => {
    const { push, host, button } = setUp();
    push({ state: "failed", problem: { title: "Loss became NaN <b>", text: "Traceback\n  line 3" } });
    const alert = host.querySelector("[role=alert]");
    expect(alert?.textContent).toContain("Loss became NaN <b>");
    expect(alert?.querySelector("b b")).toBeNull();
    const trace = host.querySelector("pre");
    expect(trace?.hidden).toBe(true);
    button(/^Details/).click();
    expect(trace?.hidden).toBe(false);
    expect(trace?.textContent).toContain("line 3");
  });

  test("where it went wrong is told once, whatever the state, with the way back to the last good step", () => {
    const { push, host, button, session, channel } = setUp();
    const firstBad = {
      what: "dense_1/kernel",
      step: 13,
      last_good_step: 12,
      sound_step: 12,
      metric: "loss",
      is_nan: true,
    };
    push({ state: "running", first_bad: firstBad });
    const banner = host.querySelector<HTMLElement>(".nv-banner");
    expect(banner?.getAttribute("role")).toBe("alert");
    expect(banner?.querySelector("b")?.textContent).toBe("Train loss became NaN at epoch 1.3 (step 13)");
    expect(banner?.textContent).toContain("First non-finite tensor: dense_1/kernel. The last good step is kept.");
    for (const pill of host.querySelectorAll(".nv-pill:not([hidden], button)")) expect(pill.textContent).toMatch(/NaN/);
    expect(host.querySelector(".nv-pill")?.textContent).toBe("Live · NaN since epoch 1.3");
    expect(host.querySelector(".nv-pill")?.getAttribute("data-tone")).toBe("err");
    expect(button(/^Train loss became NaN/).className).toBe("nv-mark");
    button(/^Go to epoch 1.2/).click();
    expect(session.state.values.step).toBe(12);
    push({ state: "running", first_bad: firstBad, step: 12, is_following: false });
    expect(button(/^Go to epoch 1.2/).hidden).toBe(true);

    channel.setKernel(false);
    vi.advanceTimersByTime(20);
    expect(banner?.getAttribute("role")).toBe("status");
    channel.setKernel(true);
    push({ state: "running", first_bad: firstBad });
    expect(banner?.textContent).toContain("dense_1/kernel");
    expect(banner?.getAttribute("role")).toBe("note");

    push({ state: "paused", first_bad: { ...firstBad, last_good_step: null } });
    expect(button(/^Go to /).hidden).toBe(true);
    expect(banner?.textContent).toContain("No step before it is kept.");
  });

  test("in the past the middle button and Space play the replay; the training has its own button", () => {
    const { push, root, button, session, asked } = setUp();
    push({ step: 20 });
    session.seek(0);
    vi.advanceTimersByTime(20);
    expect(button(/^Pause training \(Space\)/).hidden).toBe(true);
    root.dispatchEvent(new KeyboardEvent("keydown", { key: " ", bubbles: true, cancelable: true }));
    expect(asked.map(([op]) => op)).not.toContain("pause");
    expect(button(/^Pause replay/).hidden).toBe(false);
    push({ step: 0, is_following: false });
    vi.advanceTimersByTime(250);
    expect(session.state.values.step).toBe(10);
    root.dispatchEvent(new KeyboardEvent("keydown", { key: ",", bubbles: true, cancelable: true }));
    expect(button(/^Replay \(Space\)/).hidden).toBe(false);
    button(/^Pause training, which goes on/).click();
    expect(asked.at(-1)?.[0]).toBe("pause");
    button(/^Replay speed 1×/).click();
    expect(button(/^Replay speed 2×/).textContent).toBe("2×");
  });

  test("B bookmarks the shown step, its mark leads back, Delete removes it", () => {
    const { push, root, button, session, channel, host } = setUp();
    push({ step: 20 });
    const key = (name: string, target: Element = root) =>
      target.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
    session.seek(10);
    push({ step: 10, is_following: false });
    key("b");
    vi.advanceTimersByTime(20);
    expect(session.state.values.bookmarks).toEqual([10]);
    expect(channel.readShared("bookmarks")).toEqual([10]);
    session.seek(0);
    button(/^Bookmark at epoch 1.0 \(step 10\)/).click();
    expect(session.state.values.step).toBe(10);
    key("Delete", button(/^Bookmark at epoch 1.0 \(step 10\)/));
    vi.advanceTimersByTime(20);
    expect(session.state.values.bookmarks).toEqual([]);
    expect(host.querySelector(".nv-mark")).toBeNull();
    channel.writeTrait("bookmarks", [20, 5, "x", -1]);
    vi.advanceTimersByTime(20);
    expect(session.state.values.bookmarks).toEqual([5, 20]);
  });

  test("a reset asks first", () => {
    const { push, host, button, asked } = setUp();
    push({ state: "paused", commands: ["start", "reset", "stop"] });
    const item = (name: RegExp) =>
      [...host.querySelectorAll<HTMLElement>("[role=menuitem]")].find((each) => name.test(each.textContent ?? ""));
    button(/^More/).click();
    expect(item(/^Stop/)).toBeDefined();
    item(/^Reset/)?.click();
    expect(asked.map(([op]) => op)).not.toContain("reset");
    const question = item(/^Really reset\?/);
    expect(document.activeElement).toBe(question);
    question?.click();
    expect(asked.at(-1)?.[0]).toBe("reset");
    button(/^More/).click();
    expect(item(/^Really/)).toBeUndefined();
  });

  test("what a reset gave up can be had back, below the picture and from the menu", () => {
    const { push, button, asked, host } = setUp();
    const reset = { state: "idle", step: 0, latest_step: 0 };
    push({ ...reset, commands: ["start"] });
    const ways = () =>
      [...host.querySelectorAll<HTMLElement>(".nv-notice button:not([hidden]), [role=menuitem]")].filter(
        (each) => each.textContent === "Back to the trained network",
      );
    expect(ways()).toEqual([]);
    push({ ...reset, commands: ["start", "undo_reset"], revision: 1 });
    button(/^More$/).click();
    expect(ways().length).toBe(2);
    for (const way of ways()) way.click();
    expect(asked.filter(([op]) => op === "undoReset").length).toBe(2);
  });

  test("what is left out is a pill that opens the list", async () => {
    const { push, host, button } = setUp();
    push();
    expect(button(/^Sampled/).hidden).toBe(true);
    push({ latest_step: 200, kept_count: 40, seen_count: 101 });
    expect(button(/^Sampled/).hidden).toBe(false);
    button(/^Sampled/).click();
    const facts = () => [...host.querySelectorAll(".nv-sheet dt, .nv-sheet dd")].map((part) => part.textContent);
    await until(() =>
      expect(facts()).toEqual([
        "metrics recorded",
        "every step",
        "pictures taken",
        "1 in 2 steps",
        "pictures kept",
        "40 of 101",
      ]),
    );
  });

  test("a plan is told with the clock, and how much of it is done", () => {
    const { push, host, slider } = setUp();
    push({ step: 20, epochs: 40 });
    expect(host.querySelector(".nv-pill")?.textContent).toBe("Live · epoch 2.0");
    expect(host.querySelector(".nv-clock .nv-figure")?.textContent).toBe("2.0of 40");
    expect(host.querySelector("[role=progressbar]")?.getAttribute("aria-valuenow")).toBe("5");
    expect(slider.getAttribute("aria-valuetext")).toBe("epoch 2.0 of 40 (step 20), train loss 0.500");
  });

  test("a saved picture is one moment: time does not move", () => {
    const { push, session, slider, button, channel, host } = setUp();
    channel.setKernel(false);
    push({ step: 20 });
    session.store.update({ connection: "saved" });
    vi.advanceTimersByTime(20);
    expect(host.querySelector(".nv-pill")?.textContent).toBe("Saved picture");
    slider.dispatchEvent(new KeyboardEvent("keydown", { key: "Home", bubbles: true }));
    button(/^Previous kept step/).click();
    expect(session.state.values.step).toBeNull();
    expect(slider.getAttribute("aria-disabled")).toBe("true");
  });

  test("a model in half precision adds up to its own z, and the rounding is a row", () => {
    const { host, push } = setUp(undefined, { selection: { layer: "L1", unit: 1 } });
    const half = sections.map((section) =>
      section.quantity === "z" ? { ...section, values: Float32Array.of(0.1, -0.703, 1) } : section,
    );
    push({}, half);
    const rows = [...(host.querySelectorAll(".nv-bars")[0]?.querySelectorAll(".nv-bar-row") ?? [])];
    expect(rows.map((row) => row.querySelector(".nv-bar-label")?.textContent)).toContain("rounding in the model");
    const values = rows.map((row) => numberOf(row.querySelector(".nv-bar-number")?.textContent));
    const total = values.pop() ?? 0;
    expect(total).toBe(-0.703);
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0) - total)).toBeLessThanOrEqual(0.0010001);
  });

  test("the activation is a curve, with the z of the samples where they came for this unit", () => {
    const { host, push } = setUp(undefined, { selection: { layer: "L1", unit: 1 } });
    const histogram = (unit: number): TestSection => ({
      quantity: "z_histogram",
      layer: "L1",
      values: Float32Array.of(1, 0, 3),
      attributes: { lo: -3, hi: 3, count: 4, unit },
    });
    const bars = () => host.querySelector(".nv-z-bars")?.getAttribute("d");
    push({}, [...sections, histogram(0)]);
    expect(host.querySelector(".nv-curve")?.getAttribute("d")).toMatch(/^M/);
    expect(bars()).toBe("");
    push({}, [...sections, histogram(1)]);
    expect(bars()?.match(/M/g)).toHaveLength(2);
    expect(host.querySelector(".nv-inspector")?.textContent).toContain("tanh over z, 4 samples");
    expect(host.querySelector(".nv-inspector")?.textContent).toContain("Flat where |z| > 2, 50.0% of the samples");
  });

  test("the tree says each unit and follows the selection", () => {
    const { host, push, session } = setUp();
    push();
    const items = () => [...host.querySelectorAll<HTMLElement>("[role=treeitem]")];
    const chosen = () => items().filter((item) => item.getAttribute("aria-selected") === "true");
    expect(items()).toHaveLength(9);
    const unit = items()[5];
    vi.advanceTimersByTime(1000);
    expect(unit?.textContent).toBe(
      "dense, unit 1 of 3, tanh, output −0.420, bias +0.200, strongest input x₁, weight −1.250",
    );
    expect(chosen()).toHaveLength(0);
    unit?.click();
    expect(session.state.values.selection).toEqual({ layer: "L1", unit: 1 });
    vi.advanceTimersByTime(20);
    expect(chosen()).toEqual([unit]);
  });

  test("without an answer the view says so, switches training off, and recovers", async () => {
    let isSilent = false;
    const { push, host, root, button } = setUp(() => (isSilent ? null : { ok: true, reason: "" }));
    push();
    isSilent = true;
    await vi.advanceTimersByTimeAsync(8000);
    expect(root.dataset.connection).toBe("unreachable");
    expect(host.querySelector(".nv-banner")?.textContent).toContain("Last update");
    expect(button(/^Pause training/).getAttribute("aria-disabled")).toBe("true");
    push();
    expect(root.dataset.connection).toBe("live");
    expect(button(/^Pause training/).getAttribute("aria-disabled")).toBeNull();
  });

  test("an error in the front end is shown in the cell and logged", () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    pictureFails = true;
    const { host } = setUp();
    expect(host.querySelector("[role=alert]")?.textContent).toContain("no canvas here");
    expect(logged).toHaveBeenCalled();
  });

  test("no model is no error", () => {
    const { host, root } = setUp(undefined, { graph: null });
    expect(host.querySelector("h2")?.textContent).toBe("No model");
    expect(root.hasAttribute("data-empty")).toBe(true);
    expect(host.querySelector<HTMLElement>("[role=alert]")).toBeNull();
  });

  test("two views of one model acknowledge once; a removed view leaves nothing behind", () => {
    const { session, push, asked, life } = setUp();
    const second = document.createElement("div");
    document.body.append(second);
    const own = new AbortController();
    networkView(session, second, own.signal);
    push();
    expect(asked.filter(([op]) => op === "drawn")).toHaveLength(1);
    own.abort();
    expect(second.childElementCount).toBe(0);
    life.abort();
    expect(vi.getTimerCount()).toBe(0);
  });
});
