import { describe, expect, test } from "vitest";
import { chainFrame, chainGraph, emptyFrame, scenery, section } from "../demo/frames.ts";
import { createMlp, seeded } from "../demo/mlp.ts";
import { readNodes } from "../src/layout/readNodes.ts";
import { peekFacts } from "../src/ui/places/peekFacts.ts";
import { placeAtCurve, placeBeside } from "../src/ui/places/tooltipPlace.ts";

describe("a peek at a bundle", () => {
  const layers = createMlp([784, 8, 2], ["relu", "softmax"], seeded(9));
  const x = Float32Array.from({ length: 784 }, (_, i) => (i % 7) / 7);
  const frame = chainFrame(layers, { index: 0, x, y: [1, 0], target: 0 }, {}, null, [28, 28]);
  const nodes = readNodes(chainGraph("digits", layers, ["dense", "output"], [784]));
  const known = scenery({ imageShape: [28, 28] });
  const hover = { layer: "L1", unit: 3, sourceLayer: "L0", bundle: 1 };
  const kernel = layers[0]?.kernel ?? new Float32Array();
  const sumOf = (factor: (input: number) => number): number => {
    let sum = 0;
    for (let input = 28; input < 56; input++) sum += (kernel[input * 8 + 3] ?? 0) * factor(input);
    return sum;
  };
  const shown = (text: string | undefined): number => Number((text ?? "").replace("−", "-").replace("+", ""));

  test("names its inputs and says their sum and how many they are", () => {
    const peek = peekFacts(nodes, frame, known, hover, "weight");
    expect(peek?.title).toBe("inputs 28–55 → dense · 3");
    const fact = (name: string) => peek?.facts.find((one) => one.name === name)?.value;
    expect(shown(fact("sum of w"))).toBeCloseTo(
      sumOf(() => 1),
      3,
    );
    expect(fact("connections")).toBe("28");
    expect(fact("row of the image")).toBe("1 of 28");
    expect(peek?.facts.length).toBeLessThanOrEqual(6);
  });
  test("sums what the edges show", () => {
    const peek = peekFacts(nodes, frame, known, hover, "signal");
    expect(shown(peek?.facts[0]?.value)).toBeCloseTo(
      sumOf((input) => x[input] ?? 0),
      3,
    );
  });
  test("on the simpler level sums the rows that are drawn as one", () => {
    const peek = peekFacts(nodes, frame, known, { ...hover, bundle: 2, block: 4 }, "weight");
    let sum = 0;
    for (let input = 8 * 28; input < 12 * 28; input++) sum += kernel[input * 8 + 3] ?? 0;
    expect(peek?.title).toBe("inputs 224–335 → dense · 3");
    expect(shown(peek?.facts[0]?.value)).toBeCloseTo(sum, 3);
  });
  test("over groups of units names them all", () => {
    const sums = Float32Array.of(1, 2, 3, -4, 5, 6);
    const attributes = { groupKind: "block", groupSize: 392, inputCount: 784, edgeCount: 784 * 8 };
    const coarse = emptyFrame([section("bundle", "L1", "weight", [2, 3], sums, attributes)]);
    // column 1 of 3 holds units floor(8/3) = 2 up to floor(16/3) = 5
    for (const unit of [2, 3, 4]) {
      const peek = peekFacts(nodes, coarse, known, { ...hover, unit, bundle: 1 }, "weight");
      expect(peek?.title).toBe("inputs 392–783 → dense · 2–4");
      expect(peek?.facts[0]?.value).toBe("+5.000");
      expect(peek?.facts[1]?.value).toBe("1,176");
    }
  });
  test("of what is not there says nothing", () => {
    expect(peekFacts(nodes, frame, known, { ...hover, bundle: 28 }, "weight")).toBeNull();
    expect(peekFacts(nodes, frame, known, { ...hover, layer: "gone" }, "weight")).toBeNull();
  });
});

test("a connection that was sent as one of the strongest says its value and its rank", () => {
  const layers = createMlp([784, 8, 2], ["relu", "softmax"], seeded(9));
  const nodes = readNodes(chainGraph("digits", layers, ["dense", "output"], [784]));
  const frame = emptyFrame([
    section("top", "L1", "weight", [2], Float32Array.of(0.9, -0.7)),
    section("top_index", "L1", "weight", [2, 2], Int32Array.of(5, 1, 300, 3)),
  ]);
  const peek = peekFacts(nodes, frame, null, { layer: "L1", unit: 3, source: 300, sourceLayer: "L0" }, "weight");
  expect(peek?.facts.map(({ value }) => value)).toEqual(["−0.700", "2 of the layer"]);
});

test("a tooltip lies inside the room and, where any side is free, never over its item", () => {
  const random = seeded(4);
  const room = { width: 700, height: 500 };
  let tight = 0;
  for (let i = 0; i < 500; i++) {
    const size = { width: 120 + 140 * random(), height: 40 + 120 * random() };
    const item = { x: 640 * random(), y: 440 * random(), width: 10 + 300 * random(), height: 6 + 300 * random() };
    item.width = Math.min(item.width, room.width - item.x);
    item.height = Math.min(item.height, room.height - item.y);
    const { x, y } = placeBeside(item, size, room);
    expect(x).toBeGreaterThanOrEqual(0);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(x + size.width).toBeLessThanOrEqual(room.width + 1e-9);
    expect(y + size.height).toBeLessThanOrEqual(room.height + 1e-9);
    const isFree =
      item.x - 8 >= size.width ||
      room.width - item.x - item.width - 8 >= size.width ||
      item.y - 8 >= size.height ||
      room.height - item.y - item.height - 8 >= size.height;
    if (!isFree) {
      tight++;
      continue;
    }
    const overlaps =
      x < item.x + item.width && x + size.width > item.x && y < item.y + item.height && y + size.height > item.y;
    expect(overlaps).toBe(false);
  }
  expect(tight).toBeLessThan(250);
});

test("beside an edge the tooltip leaves the edge in sight: below one that rises, above one that falls", () => {
  const size = { width: 180, height: 120 };
  const room = { width: 900, height: 600 };
  const point = { x: 400, y: 300 };
  for (const rises of [true, false]) {
    const slope = rises ? -0.5 : 0.5;
    const { x, y } = placeAtCurve(point, rises, size, room);
    for (let along = -300; along <= 300; along += 5) {
      const [px, py] = [point.x + along, point.y + slope * along];
      expect(px > x && px < x + size.width && py > y && py < y + size.height).toBe(false);
    }
  }
  const cornered = placeAtCurve({ x: 890, y: 590 }, true, size, room);
  expect(cornered.x + size.width).toBeLessThanOrEqual(room.width);
  expect(cornered.y + size.height).toBeLessThanOrEqual(room.height);
});
