// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { PanelModel } from "../src/panel/panelModel.ts";
import link from "../src/panel.ts";
import { FakeHost } from "./fakeWidgetModel.ts";
import { until } from "./until.ts";

type Told = { kind: string; page: string; taken?: number };
type Seen = { isIntersecting: boolean };

let frames: (() => void)[] = [];
let isHidden = false;

/** The observers of the page, told by hand; jsdom has no layout. */
class FakeObserver<Entry> {
  readonly targets: Element[] = [];
  readonly #tell: (entries: Entry[]) => void;

  constructor(tell: (entries: Entry[]) => void) {
    this.#tell = tell;
  }

  observe(target: Element): void {
    this.targets.push(target);
  }

  disconnect(): void {
    this.targets.length = 0;
  }

  tell(...entries: Entry[]): void {
    if (this.targets.length > 0) this.#tell(entries);
  }
}

let sizes: FakeObserver<unknown>[] = [];
let sights: FakeObserver<Seen>[] = [];

function runFrame(): void {
  const due = frames;
  frames = [];
  for (const run of due) run();
}

function runFrames(): void {
  runFrame();
  runFrame();
}

function setHidden(hidden: boolean): void {
  isHidden = hidden;
  document.dispatchEvent(new Event("visibilitychange"));
}

/** The message of the kernel that a drawing is complete. */
function draw(host: FakeHost, sent: number): void {
  host.set_state({ sent });
}

function mount(attributes: Record<string, unknown> = {}, others: Partial<PanelModel> = {}) {
  const host = new FakeHost({
    title: "Weights",
    words: "Weights, step 0.",
    numbered: ", picture {number}",
    sent: 1,
    ...attributes,
  });
  const told = host.sent as unknown as Told[];
  const life = new AbortController();
  const panel = document.createElement("div");
  panel.className = "nnvis-panel";
  const element = document.createElement("div");
  link.render({ model: { ...host.proxy(), ...others }, el: element, signal: life.signal });
  panel.append(element);
  document.body.append(panel);
  const words = element.firstElementChild as HTMLElement;
  words.getClientRects = () => [{}] as unknown as DOMRectList;
  sizes.at(-1)?.tell({});
  const first = told.shift();
  const look = (isIntersecting: boolean) => sights.at(-1)?.tell({ isIntersecting });
  return { host, told, first, life, panel, element, words, look };
}

beforeEach(() => {
  [frames, sizes, sights, isHidden] = [[], [], [], false];
  vi.stubGlobal("requestAnimationFrame", (run: () => void) => frames.push(run));
  vi.stubGlobal(
    "ResizeObserver",
    class extends FakeObserver<unknown> {
      constructor(tell: () => void) {
        super(tell);
        sizes.push(this);
      }
    },
  );
  vi.stubGlobal(
    "IntersectionObserver",
    class extends FakeObserver<Seen> {
      constructor(tell: (entries: Seen[]) => void) {
        super(tell);
        sights.push(this);
      }
    },
  );
  vi.spyOn(document, "hidden", "get").mockImplementation(() => isHidden);
});

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

test("a page says once that it has a place for the panel, in sight or not", () => {
  const { first, told, look } = mount();
  expect(first).toMatchObject({ kind: "attached" });
  expect(first?.page).toMatch(/^[a-z0-9]{1,32}$/);
  look(false);
  runFrames();
  expect(told).toEqual([]);
});

describe("the answer to a drawing", () => {
  test("comes after two animation frames, not before", () => {
    const { told, look } = mount();
    look(true);
    runFrame();
    expect(told).toEqual([]);
    runFrame();
    expect(told).toMatchObject([{ kind: "taken", taken: 1 }]);
    expect(told[0]?.page).toMatch(/^[a-z0-9]{1,32}$/);
  });

  test("is given for each drawing, and only once", () => {
    const { host, told, look } = mount();
    look(true);
    runFrames();
    draw(host, 2);
    runFrames();
    runFrames();
    draw(host, 3);
    runFrames();
    expect(told.map(({ taken }) => taken)).toEqual([1, 2, 3]);
  });

  test("is given again every five seconds while the panel is seen: a later drawing may have been lost", () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { told, look, life } = mount();
    look(true);
    runFrames();
    for (const _ of [1, 2]) {
      vi.advanceTimersByTime(5000);
      runFrames();
    }
    expect(told.map(({ taken }) => taken)).toEqual([1, 1, 1]);
    look(false);
    vi.advanceTimersByTime(5000);
    runFrames();
    expect(told.filter(({ kind }) => kind === "taken")).toHaveLength(3);
    life.abort();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  test("names only what was there before its animation frames", () => {
    const { host, told, look } = mount();
    look(true);
    runFrame();
    draw(host, 2);
    runFrame();
    expect(told.map(({ taken }) => taken)).toEqual([1]);
    runFrames();
    expect(told.map(({ taken }) => taken)).toEqual([1, 2]);
  });

  test("is not given out of sight, and at once when the panel is seen again", () => {
    const { host, told, look } = mount();
    look(false);
    draw(host, 2);
    runFrames();
    expect(told).toEqual([]);
    look(true);
    runFrames();
    expect(told).toMatchObject([{ kind: "taken", taken: 2 }]);
    look(false);
    draw(host, 3);
    runFrames();
    expect(told.map(({ kind }) => kind)).toEqual(["taken", "hidden"]);
    look(true);
    runFrames();
    expect(told.at(-1)).toMatchObject({ kind: "taken", taken: 3 });
  });

  test("is not given on a hidden page, nor by an animation frame that came too late", () => {
    const { told, look } = mount();
    look(true);
    runFrame();
    setHidden(true);
    runFrame();
    expect(told.map(({ kind }) => kind)).toEqual(["hidden"]);
    setHidden(false);
    runFrames();
    expect(told.at(-1)).toMatchObject({ kind: "taken", taken: 1 });
  });

  test("is taken back once, when both the page is hidden and the panel scrolled away", () => {
    const { told, look } = mount();
    look(true);
    runFrames();
    setHidden(true);
    look(false);
    setHidden(false);
    expect(told.map(({ kind }) => kind)).toEqual(["taken", "hidden"]);
  });

  test("every place that shows the panel has a name of its own", () => {
    const [one, other] = [mount(), mount()];
    for (const place of [one, other]) sights[place === one ? 0 : 1]?.tell({ isIntersecting: true });
    runFrames();
    expect(one.told[0]?.page).not.toBe(other.told[0]?.page);
  });

  test("nothing throws where no kernel is left, or none has ever been", () => {
    const { host, look } = mount({ sent: undefined });
    look(true);
    runFrames();
    expect(host.sent).toEqual([]);
    const send = vi.fn(() => {
      throw new Error("Cannot send");
    });
    const dead = mount({}, { send });
    dead.look(true);
    expect(runFrames).not.toThrow();
    expect(() => dead.look(false)).not.toThrow();
    expect(send).toHaveBeenCalledTimes(3);
  });
});

describe("a picture file", () => {
  const ORDER = { kind: "export", id: 7, format: "svg", scale: 1 };

  async function wait(): Promise<void> {
    await vi.advanceTimersByTimeAsync(600);
    runFrames();
    await vi.advanceTimersByTimeAsync(10);
  }

  beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => vi.useRealTimers());

  test("is made once, and only when the panel is seen and laid out", async () => {
    const { host, told, look } = mount({ title: "<b>Weights</b>", sent: 0 });
    host.emit("msg:custom", ORDER);
    host.emit("msg:custom", ORDER);
    await wait();
    expect(told).toEqual([]);
    look(true);
    await vi.advanceTimersByTimeAsync(500);
    expect(told).toEqual([]);
    await wait();
    expect(told).toEqual([{ kind: "exported", export: 7 }]);
    const svg = new TextDecoder().decode(host.sentBuffers.at(-1)?.[0]);
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg).toContain("<title>&lt;b&gt;Weights&lt;/b&gt;</title><desc>Weights, step 0.</desc>");
    look(false);
    look(true);
    await wait();
    expect(told.filter(({ kind }) => kind === "exported")).toHaveLength(1);
  });

  test("waits until the panel rests, and is made of one that never does", async () => {
    const { host, told, look, panel } = mount({ sent: 0 });
    const change = () => panel.setAttribute("data-change", String(Math.random()));
    look(true);
    host.emit("msg:custom", ORDER);
    await vi.advanceTimersByTimeAsync(500);
    change();
    await vi.advanceTimersByTimeAsync(500);
    expect(told).toEqual([]);
    await wait();
    expect(told).toEqual([{ kind: "exported", export: 7 }]);

    host.emit("msg:custom", { ...ORDER, id: 8 });
    for (let passed_ms = 0; passed_ms < 8000; passed_ms += 500) {
      change();
      await vi.advanceTimersByTimeAsync(500);
    }
    runFrames();
    await until(() => expect(told).toContainEqual({ kind: "exported", export: 8 }));
  });

  test("that cannot be made has a reason", async () => {
    const { host, told, look, panel } = mount({ sent: 0 });
    panel.getBoundingClientRect = () => {
      throw new Error("no place ".repeat(100));
    };
    look(true);
    host.emit("msg:custom", ORDER);
    await wait();
    expect(told).toMatchObject([{ kind: "failed", export: 7, reason: "no place ".repeat(100).slice(0, 500) }]);
  });

  test.each([null, "export", {}, { ...ORDER, id: "7" }, { ...ORDER, format: "exe" }, { ...ORDER, scale: null }])(
    "is not made for the message %j",
    async (message) => {
      const { host, told, look } = mount({ sent: 0 });
      look(true);
      host.emit("msg:custom", message);
      await wait();
      expect(told).toEqual([]);
    },
  );
});

describe("a panel's names", () => {
  test("it is a group, named by its title and described by the words, as text", () => {
    const { host, panel, words } = mount({ title: "<b>Weights</b>", words: "<img src=x>" });
    expect(panel.getAttribute("role")).toBe("group");
    expect(panel.getAttribute("aria-label")).toBe("<b>Weights</b>");
    expect(document.getElementById(panel.getAttribute("aria-describedby") ?? "")).toBe(words);
    expect(words.textContent).toBe("<img src=x>");
    expect(panel.querySelector("img, b")).toBeNull();
    host.set_state({ words: "Weights, step 9." });
    expect(words.textContent).toBe("Weights, step 9.");
  });

  test("a picture that appears later gets a name, and one that has a name keeps it", async () => {
    const { panel, host } = mount();
    const addPicture = (name?: string) => {
      const figure = document.createElement("div");
      figure.className = "bqplot";
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const ground = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.classList.add("svg-figure");
      ground.classList.add("svg-background");
      if (name !== undefined) svg.setAttribute("aria-label", name);
      figure.append(ground, svg);
      panel.append(figure);
      return svg;
    };
    const picture = addPicture();
    await until(() => expect(picture.getAttribute("aria-label")).toBe("Weights"));
    expect(picture.getAttribute("role")).toBe("img");
    expect(panel.querySelector(".svg-background")?.getAttribute("aria-hidden")).toBe("true");
    const [named, second] = [addPicture("Mine"), addPicture()];
    await until(() => expect(second.getAttribute("aria-label")).toBe("Weights, picture 3"));
    host.set_state({ numbered: "，图 {number}", lang: "zh", title: "权重" });
    expect(second.getAttribute("aria-label")).toBe("权重，图 3");
    expect(panel.lang).toBe("zh");
    expect(named.getAttribute("aria-label")).toBe("Mine");
    expect(named.hasAttribute("role")).toBe(false);
  });
});

describe("a link that ends", () => {
  test("says that it no longer shows the panel, and leaves nothing behind", () => {
    const { host, told, life, element, look } = mount();
    look(true);
    runFrames();
    life.abort();
    expect(told.map(({ kind }) => kind)).toEqual(["taken", "hidden"]);
    expect(host.listenerCount).toBe(0);
    expect([...sizes, ...sights].flatMap(({ targets }) => targets)).toEqual([]);
    expect(element.childElementCount).toBe(0);
    setHidden(true);
    setHidden(false);
    runFrames();
    expect(told).toHaveLength(2);
  });

  test("does nothing when it has ended before it was put on the page", () => {
    const host = new FakeHost({ title: "", words: "", sent: 1 });
    const life = new AbortController();
    life.abort();
    link.render({ model: host.proxy(), el: document.createElement("div"), signal: life.signal });
    expect(host.listenerCount).toBe(0);
    expect(sizes).toEqual([]);
  });
});
