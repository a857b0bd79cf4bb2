import { describe, expect, test } from "vitest";
import { denseLayer, graph, layer, scenery } from "../demo/frames.ts";
import { describeColumn } from "../src/layout/describeColumn.ts";
import { maskedPlaces, placesBefore } from "../src/layout/placesBefore.ts";
import { type NetworkNode, readNodes } from "../src/layout/readNodes.ts";
import { SPECTROGRAM, seriesSize } from "../src/layout/seriesSize.ts";
import { place } from "./helpers.ts";

const over = { channels: "last" as const };

function network(channels: number, masks: readonly (number | null)[] = [-1]): readonly NetworkNode[] {
  const masking = masks.map((maskValue, i) => layer(`M${i}`, "mask", "Masking", [4, channels], { ...over, maskValue }));
  const layers = [
    layer("I", "series", "InputLayer", [4, channels], over),
    ...masking,
    layer("R", "memory", "GRU", [3], { role: "recurrent" }),
    denseLayer("D", "end", 3, 1, "linear"),
  ];
  const links = masking.flatMap(({ id }) => [
    ["I", id],
    [id, "R"],
  ]);
  return readNodes(graph("masked", layers, [...links, ["R", "D"]] as [string, string][]));
}

describe("an input that is a series", () => {
  test("is drawn as lines where it has few channels", () => {
    const sizes = [1, 4, 5].map((channels) => seriesSize(network(channels)[0] as NetworkNode));
    expect(sizes).toEqual([[4, 1], [4, 4], null]);
    expect(seriesSize(network(1)[1] as NetworkNode)).toBeNull();
  });

  test("that is sound has room for its spectrogram, and its time and rate in its head", () => {
    const sound = graph(
      "sound",
      [layer("I", "sound", "InputLayer", [8_000, 1], over), denseLayer("D", "end", 8, 1, "linear")],
      [["I", "D"]],
    );
    const [silent, told] = [null, 8_000].map(
      (sampleRate) => place(sound, scenery({ sampleRate }), 1_000, 600).columns[0],
    );
    expect((told?.box.height ?? 0) - (silent?.box.height ?? 0)).toBe(SPECTROGRAM);
    const heads = [null, 16_000].map((sampleRate) =>
      describeColumn(readNodes(sound)[0] as NetworkNode, "image", scenery({ sampleRate })),
    );
    expect(heads).toEqual(["8000 × 1", "0.5 s · 16.0 kHz"]);
  });

  test("has its masked places, where all that takes it masks them", () => {
    const values = Float32Array.from([-1, -1, 0, -1, -1, -1, 2, 3]);
    const masked = (nodes: readonly NetworkNode[]) => maskedPlaces(nodes, nodes[0] as NetworkNode, values);
    expect(masked(network(2))).toEqual([true, false, true, false]);
    expect(masked(network(2, [-1, null]))).toEqual([]);
    expect(masked(network(2, [-1, 0]))).toEqual([false, false, false, false]);
    const tenth = network(1, [0.1]);
    expect(maskedPlaces(tenth, tenth[0] as NetworkNode, Float32Array.from([0.1, 0.2, 0.1, 0]))[0]).toBe(true);
  });

  test("is known by its places behind a mask, and no more where something may have moved them", () => {
    const nodes = network(2);
    const memory = nodes.find(({ id }) => id === "R") as NetworkNode;
    expect(placesBefore(nodes, memory, 4)?.id).toBe("I");
    expect(placesBefore(nodes, memory, 5)).toBeNull();
    const moved = network(2, [null]);
    expect(placesBefore(moved, moved.find(({ id }) => id === "R") as NetworkNode, 4)).toBeNull();
  });
});
