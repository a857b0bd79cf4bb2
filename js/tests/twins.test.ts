import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ANATOMY, NEVER_NEGATIVE, ROLES } from "../src/core/anatomy.ts";
import * as limits from "../src/core/limits.ts";

const root = join(import.meta.dirname, "../..");
const contract = (name: string): unknown => JSON.parse(readFileSync(join(root, "tests/contract", name), "utf8"));

test("the limits of the picture are those of Python", () => {
  expect({ ...limits }).toEqual(contract("limits.json"));
});

/** The tokens that a rule of the sheet sets, by name. */
function tokensOf(sheet: string, selector: string): Map<string, string> {
  const body = sheet.split(`${selector} {`)[1]?.split("}")[0] ?? "";
  return new Map(Array.from(body.matchAll(/--nv-([\w-]+): ([^;]+);/g), ([, name = "", value = ""]) => [name, value]));
}

/** `#fff` and `rgba(0, 0, 0, 0.87)` as `#ffffff` and `#000000de`. */
function asHex(color: string): string {
  const byte = (value: number) => Math.round(value).toString(16).padStart(2, "0");
  const [red, green, blue, alpha = 1] = (color.match(/^rgba?\((.*)\)$/)?.[1] ?? "").split(",").map(Number);
  if (red !== undefined && green !== undefined && blue !== undefined) {
    return `#${byte(red)}${byte(green)}${byte(blue)}${byte(255 * alpha)}`;
  }
  return color.length === 4 ? color.replace(/[^#]/g, "$&$&") : color;
}

test("the colours of the page are those of the panels, and the host's come first in both", () => {
  const sheet = readFileSync(join(root, "js/src/theme/tokens.css"), "utf8");
  const { host, ...themes } = contract("tokens.json") as Record<string, Record<string, string>>;
  const selectors = { light: "\n[data-nnvis-theme]", dark: '\n[data-nnvis-theme="dark"]' };
  for (const [theme, selector] of Object.entries(selectors)) {
    const tokens = tokensOf(sheet, selector);
    const shared = Object.entries(themes[theme] ?? {}).map(([name, color]) => [name, host?.[name], color]);
    const own = shared.map(([name = ""]) => {
      const [, variable, fallback] = tokens.get(name)?.match(/^var\((--[\w-]+), (.*)\)$/) ?? [];
      return [name, variable, asHex(fallback ?? tokens.get(name) ?? "")];
    });
    expect(own).toEqual(shared);
    expect(own.length).toBeGreaterThan(20);
  }
});

test("what follows from the role of a layer is what Python says", () => {
  const { roles, never_negative: neverNegative } = contract("anatomy.json") as {
    roles: Record<string, { passes_units: boolean; has_maps: boolean }>;
    never_negative: string[];
  };
  expect(Object.keys(roles)).toEqual([...ROLES]);
  const facts = Object.entries(roles).map(([role, { passes_units: passesUnits, has_maps: hasMaps }]) => [
    role,
    { passesUnits, hasMaps },
  ]);
  expect(ANATOMY).toEqual(Object.fromEntries(facts));
  expect([...NEVER_NEGATIVE].sort()).toEqual(neverNegative);
});
