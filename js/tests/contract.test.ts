import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Section } from "../src/core/frame.ts";
import { decodeFrame, decodeScenery } from "../src/stream/decodeFrame.ts";

interface Golden {
  readonly header: { readonly kind: string; readonly step?: number; readonly scalar_names?: readonly string[] };
  readonly sections: readonly {
    readonly quantity: string;
    readonly layer: string;
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: readonly (number | "inf" | "-inf" | null)[];
  }[];
}

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../tests/contract/golden");
const names = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith(".bin"))
      .map((name) => name.slice(0, -4))
  : [];

test("Python has written golden frames", () => {
  expect(names.length, `no .bin in ${folder}`).toBeGreaterThan(0);
});

test.each(names)("%s reads as Python wrote it", (name) => {
  const golden = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Golden;
  const bytes = new Uint8Array(readFileSync(join(folder, `${name}.bin`)));
  let sections: readonly Section[];
  if (golden.header.kind === "scenery") {
    sections = decodeScenery(bytes).sections;
  } else {
    const frame = decodeFrame(bytes);
    sections = frame.sections;
    expect(frame.header.step).toBe(golden.header.step);
    expect([...frame.scalars.keys()]).toEqual(golden.header.scalar_names);
  }
  expect(sections.length).toBe(golden.sections.length);
  golden.sections.forEach((expected, index) => {
    const section = sections[index];
    const where = `${expected.quantity} ${expected.layer} ${expected.name}`;
    expect({ ...section, values: null, attributes: null }, where).toEqual({
      quantity: expected.quantity,
      layer: expected.layer,
      name: expected.name,
      shape: expected.shape,
      values: null,
      attributes: null,
    });
    expect(section?.values.length, where).toBe(expected.values.length);
    expected.values.forEach((value, place) => {
      const read = section?.values[place] ?? 0;
      if (value === null) expect(read, `${where} ${place}`).toBeNaN();
      else if (typeof value === "string") {
        expect(read, `${where} ${place}`).toBe(value === "inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
      } else expect(Math.abs(read - value), `${where} ${place}`).toBeLessThanOrEqual(1e-6 * Math.abs(value));
    });
  });
});
