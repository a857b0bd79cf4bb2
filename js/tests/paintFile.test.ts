// @vitest-environment jsdom
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { DemoScene } from "../demo/demoScene.ts";
import { denseLayer, graph, layer, scenery } from "../demo/frames.ts";
import { moons } from "../demo/trainedScenes.ts";
import type { Frame } from "../src/core/frame.ts";
import { copyPicture } from "../src/draw/copyPicture.ts";
import { ScaleBook } from "../src/draw/read/scaleBook.ts";
import { fileName, fileTexts } from "../src/export/fileTexts.ts";
import { paintSvg } from "../src/export/paintFile.ts";
import { toneColors } from "../src/export/toneColors.ts";
import { formatScaleEnd } from "../src/lib/numberFormat.ts";
import { initialValues, type ViewValues } from "../src/store/viewState.ts";
import { buildRamps, type ThemeName } from "../src/theme/ramps.ts";
import { designTheme } from "../src/theme/theme.ts";
import { measure } from "./helpers.ts";

beforeEach(() => {
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
});

/** Training it takes longer than drawing it. */
const trained = moons();

function paint(scene: DemoScene, theme: ThemeName, change: Partial<ViewValues> = {}, size = [1053, 500]): string {
  const frame = scene.frame(0);
  const copy = copyPicture({
    graph: scene.graph,
    scenery: scene.scenery,
    frame,
    values: { ...initialValues, ...change },
    apart: {},
    width: size[0] ?? 0,
    height: size[1] ?? 0,
    measure,
    scales: new ScaleBook(),
    isLocked: false,
    hasSignPattern: false,
    hasStrongEdges: false,
    page: document,
  });
  const texts = fileTexts(scene.graph, copy, "live");
  return paintSvg({ copy, texts, theme: designTheme(theme, "serif"), scale: 2, description: "in words" });
}

function read(svg: string): Element {
  const page = new DOMParser().parseFromString(svg, "image/svg+xml");
  expect(page.querySelector("parsererror")).toBeNull();
  return page.documentElement;
}

function kernelsOf(frame: Frame): number[][] {
  return frame.sections.flatMap(({ quantity, name, values }) =>
    quantity === "weight" && name === "kernel" ? [[...values]] : [],
  );
}

/** The 98th percentile of the sizes, as the nearest rank. */
function scaleOf(weights: readonly number[]): number {
  const sorted = weights.map(Math.abs).sort((a, b) => a - b);
  return sorted[Math.ceil(0.98 * sorted.length) - 1] ?? 0;
}

const texts = (root: Element): string[] => [...root.querySelectorAll("text")].map((text) => text.textContent ?? "");
const curves = (root: Element): Element[] =>
  [...root.querySelectorAll("path")].filter((path) => /^M[^C]*C[^C]*$/.test(path.getAttribute("d") ?? ""));

describe("a picture as SVG", () => {
  test("has one curve for each weight, in the ramp's colour and as wide as its magnitude", () => {
    const scene = trained;
    const frame = scene.frame(0);
    if (frame === null) throw new Error("no frame");
    const kernels = kernelsOf(frame);
    for (const theme of ["light", "dark"] as const) {
      const root = read(paint(scene, theme));
      const drawn = curves(root);
      expect(drawn.length).toBe(kernels.flat().length);
      const ramp = buildRamps(theme).value;
      const expected = kernels.flatMap((weights) =>
        weights.map((weight) => {
          const size = Math.min(1, Math.abs(weight) / scaleOf(weights));
          const strength = Math.sign(weight) * (0.38 + 0.5 * size);
          return `${ramp.signed(strength)} ${Math.round(100 * (0.75 + 5 * size)) / 100}`;
        }),
      );
      const found = drawn.map((path) => `${path.getAttribute("stroke")} ${path.getAttribute("stroke-width")}`);
      expect(found.sort()).toEqual(expected.sort());
      for (const weights of kernels) expect(texts(root)).toContain(`m = ${formatScaleEnd(scaleOf(weights))}`);
    }
  });

  test("tells name, size, state, moment, legends and losses", () => {
    const scene = trained;
    const root = read(paint(scene, "light"));
    const said = texts(root).join(" | ");
    expect(root.querySelector("title")?.textContent).toBe(scene.graph?.name);
    expect(root.querySelector("desc")?.textContent).toBe("in words");
    expect(said).toContain(`${scene.graph?.parameterCount} parameters`);
    expect(said).toContain("Width");
    const loss = scene.frame(0)?.scalars.get("loss") ?? Number.NaN;
    expect(said).toContain(`loss ${loss.toFixed(3)}`);
  });

  test("a name with markup stays text, and nothing points outside", () => {
    const evil = `<image href="http://x.test/a.png"/><script>alert(1)</script>"&`;
    const built = graph(evil, [layer("A", evil, "InputLayer", [3]), denseLayer("B", evil, 3, 2, "tanh")], [["A", "B"]]);
    const svg = paint({ graph: built, scenery: scenery({}), frame: () => null } as unknown as DemoScene, "light");
    const root = read(svg);
    expect(root.querySelector("script, foreignObject, a, use, style, iframe")).toBeNull();
    expect(root.querySelector("title")?.textContent).toBe(evil);
    for (const element of [root, ...root.querySelectorAll("*")]) {
      for (const { name, value } of element.attributes) {
        expect(name.startsWith("on"), name).toBe(false);
        if (name === "href") expect(value).toMatch(/^data:image\/png;base64,/);
        for (const [, target] of value.matchAll(/url\(([^)]*)\)/g)) expect(target).toMatch(/^#nnvis-/);
      }
    }
    expect(texts(root).some((text) => text.includes("<image"))).toBe(true);
  });

  test("nothing lies outside the picture, also where it is narrow", () => {
    for (const width of [320, 700, 1400]) {
      const root = read(paint(trained, "light", {}, [width, 420]));
      const whole = Number(root.getAttribute("width"));
      const height = Number(root.getAttribute("height"));
      for (const rect of root.querySelectorAll(":scope > rect")) {
        expect(Number(rect.getAttribute("x")) + Number(rect.getAttribute("width"))).toBeLessThanOrEqual(whole);
      }
      for (const text of root.querySelectorAll(":scope > text")) {
        const x = Number(text.getAttribute("x"));
        expect(x + measure(text.textContent ?? ""), `${width}: ${text.textContent}`).toBeLessThanOrEqual(whole + 1);
        expect(Number(text.getAttribute("y"))).toBeLessThan(height);
      }
    }
  });

  test("shows the selected unit and no pointer", () => {
    const selection = { layer: "L1", unit: 1 };
    const plain = read(paint(trained, "light"));
    const chosen = read(paint(trained, "light", { selection }));
    const ring = "[stroke-width='2.5']";
    const count = (root: Element) =>
      [...root.querySelectorAll(ring)].filter((path) => path.getAttribute("d")?.includes("a")).length;
    expect(count(chosen)).toBe(count(plain) + 1);
    expect(paint(trained, "light", { selection, hover: { layer: "L1", unit: 0 } })).toBe(
      paint(trained, "light", { selection }),
    );
  });

  test("a view without a model says so", () => {
    const root = read(paint({ graph: null, scenery: null, frame: () => null } as unknown as DemoScene, "light"));
    expect(texts(root)).toContain("Nothing to show yet");
  });
});

test("the tones of a file are those of the style sheet", () => {
  const css = readFileSync(join(dirname(fileURLToPath(import.meta.url)), "../src/theme/tokens.css"), "utf8");
  const [light = "", dark = ""] = css.split('[data-nnvis-theme="dark"]');
  for (const [theme, rules] of [
    ["light", light],
    ["dark", dark],
  ] as const) {
    for (const tone of ["ok", "info", "warn", "err"] as const) {
      const { text, ground } = toneColors(theme)[tone];
      expect(rules).toContain(`--nv-${tone}: ${text};`);
      expect(rules).toContain(`--nv-${tone}-bg: ${ground};`);
    }
    expect(rules).toContain(`--nv-ink-2: ${toneColors(theme).quiet.text};`);
    expect(rules).toContain(`--nv-hover: ${toneColors(theme).quiet.ground};`);
  }
});

test("a file's name has no place for a path", () => {
  const named = (name: string) => fileName(graph(name, [], []), null, "png");
  expect(named("moons_mlp")).toBe("moons_mlp.png");
  expect(named("../../etc/passwd")).toBe("etc_passwd.png");
  expect(named("a/b\\c:d<e>\u202e")).toMatch(/^a_b_c_d_e_?\.png$/);
  expect(named("")).toBe("network.png");
  expect(named("网络")).toBe("网络.png");
});
