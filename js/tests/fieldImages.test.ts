import { expect, test } from "vitest";
import { byteShares, paintCodes } from "../src/draw/canvas/fieldImages.ts";
import { buildRamps } from "../src/theme/ramps.ts";

const ramp = buildRamps("light").value;

/** The pixels of codes from −2 to 2 on a ramp from −2 to 2. */
function pixelsOf(...codes: number[]): string[] {
  const pixels = new Uint8ClampedArray(4 * codes.length);
  paintCodes(pixels, Uint8Array.from(codes), byteShares(-2, 2, -2, 2), ramp);
  return codes.map((_, i) => Array.from(pixels.subarray(4 * i, 4 * i + 4)).join(","));
}

const colourOf = (share: number): string => `${ramp.at(share).slice(4, -1)},255`;

test("what is not a number stays clear", () => {
  expect(pixelsOf(0, 128, 0)).toEqual(["0,0,0,0", colourOf(0.5), "0,0,0,0"]);
});

test("the codes 1 and 255 have the ends of the range, and their middle the middle of the ramp", () => {
  expect(pixelsOf(1, 128, 255)).toEqual([0, 0.5, 1].map(colourOf));
});
