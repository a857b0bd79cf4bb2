import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { buildRamps, RAMP_SIZE, rampIndex } from "../src/theme/ramps.ts";

function lightness(css: string): number {
  const [r = 0, g = 0, b = 0] = (css.match(/\d+/g) ?? []).map(Number);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe("ramps", () => {
  test("ends and middle are the tokens", () => {
    const { value, magnitude, pixel } = buildRamps("light");
    expect([value.at(0), value.at(0.5), value.at(1)]).toEqual(["rgb(156,61,0)", "rgb(240,241,242)", "rgb(10,70,125)"]);
    expect([magnitude.at(0), magnitude.at(1), pixel.at(0)]).toEqual([
      "rgb(243,244,245)",
      "rgb(5,63,60)",
      "rgb(255,255,255)",
    ]);
    expect(buildRamps("dark").gradient.at(1)).toBe("rgb(180,240,181)");
  });
  test("lightness runs one way from zero to each end, in both themes", () => {
    for (const theme of ["light", "dark"] as const) {
      const towards = theme === "light" ? -1 : 1;
      for (const name of ["value", "gradient"] as const) {
        const { css } = buildRamps(theme)[name];
        for (const side of [-1, 1]) {
          for (let i = 8; i <= 128; i += 8) {
            const far = lightness(css[128 + side * i] ?? "");
            expect(towards * (far - lightness(css[128 + side * (i - 8)] ?? ""))).toBeGreaterThan(0);
          }
        }
      }
    }
  });
  test("beyond the ends is the end", () => {
    expect([rampIndex(-3), rampIndex(7), RAMP_SIZE]).toEqual([0, 256, 257]);
  });
  test("text on a colour is dark on light and light on dark", () => {
    const { value } = buildRamps("light");
    expect([value.isLight(0.5), value.isLight(0), value.isLight(1)]).toEqual([true, false, false]);
  });
  test("the colours are those that Python computes for the panels", () => {
    const file = join(dirname(fileURLToPath(import.meta.url)), "../../tests/contract/ramps.json");
    const expected = JSON.parse(readFileSync(file, "utf8")) as Record<
      "light" | "dark",
      Record<"value" | "gradient" | "magnitude" | "pixel", { colors: string[]; is_light: string }>
    >;
    for (const theme of ["light", "dark"] as const) {
      const ramps = buildRamps(theme);
      for (const name of ["value", "gradient", "magnitude", "pixel"] as const) {
        const ramp = ramps[name];
        const { colors, is_light: isLight } = expected[theme][name];
        const own = Array.from({ length: RAMP_SIZE }, (_, i) =>
          Buffer.from(ramp.rgb.slice(3 * i, 3 * i + 3)).toString("hex"),
        );
        expect(own).toEqual(colors);
        const light = own.map((_, i) => (ramp.isLight(i / (RAMP_SIZE - 1)) ? "1" : "0"));
        expect(light.join("")).toBe(isLight);
      }
    }
  });
});
