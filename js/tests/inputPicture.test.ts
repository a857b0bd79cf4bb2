import { expect, test } from "vitest";
import { denseLayer, emptyFrame, graph, layer, scenery, section } from "../demo/frames.ts";
import { FrameReader } from "../src/draw/read/reading.ts";
import { ScaleBook } from "../src/draw/read/scaleBook.ts";
import { describeColumn } from "../src/layout/describeColumn.ts";
import { place } from "./helpers.ts";

/** How a picture that comes in is read, of which `Rescaling` makes shares; thumbnails are grey means, 16 to 241. */
function readInput(channels: number) {
  const pixels = 4 * channels;
  const raw = Float32Array.from({ length: pixels }, (_, i) => (255 * i) / (pixels - 1));
  const network = graph(
    "pictures",
    [
      layer("I", "input", "InputLayer", channels === 1 ? [2, 2] : [2, 2, channels]),
      layer("R", "rescaling", "Rescaling", channels === 1 ? [2, 2] : [2, 2, channels], { role: "elementwise" }),
      layer("F", "flatten", "Flatten", [pixels], { role: "reshape" }),
      denseLayer("D", "dense", pixels, 1, "linear"),
    ],
    [
      ["I", "R"],
      ["R", "F"],
      ["F", "D"],
    ],
  );
  const frame = emptyFrame([
    section("activation", "I", "", [pixels], raw),
    section(
      "activation",
      "R",
      "",
      [pixels],
      raw.map((value) => value / 255),
    ),
  ]);
  const thumbnails = { ...section("thumbnail", "", "", [1, 2, 2], new Uint8Array(4)), attributes: { lo: 16, hi: 241 } };
  const known = scenery({ sections: [thumbnails] });
  const [read] = new FrameReader(new ScaleBook()).read(place(network, known), frame, known, "weight", false).columns;
  return { read, raw };
}

test("a picture is drawn as it comes in, not as a layer that is folded into it scales it", () => {
  const { read, raw } = readInput(1);
  expect(read?.column.kind).toBe("image");
  expect(read?.column.node.layers.map(({ id }) => id)).toEqual(["I", "R", "F"]);
  expect(Array.from(read?.values ?? [])).toEqual([...raw]);
  expect([read?.low, read?.high]).toEqual([16, 241]);
});

test("the head of an input says what its numbers go through", () => {
  expect(describeColumn(readInput(3).read?.column.node ?? fail(), "image")).toBe("2 × 2 colours · rescaling");
});

test("a picture in colour has the range of colours, for its thumbnails are grey", () => {
  const { read } = readInput(3);
  expect([read?.low, read?.high]).toEqual([0, 255]);
});

function fail(): never {
  throw new Error("expected a column");
}
