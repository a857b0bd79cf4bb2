import { expect, test } from "vitest";
import { readGraph, readMessage, readTrait, requestContent, writeTrait } from "../src/stream/protocol.ts";
import { graphJson } from "./encodeFrame.ts";

test("a request has the names and fields that Python checks", () => {
  expect(requestContent(7, "setHyperparameter", { name: "learning_rate", value: 0.1 })).toEqual({
    v: 1,
    id: 7,
    op: "set_hyperparameter",
    args: { name: "learning_rate", value: 0.1 },
  });
  expect(requestContent(8, "setVisible", { isVisible: false })).toMatchObject({
    op: "set_visible",
    args: { is_visible: false },
  });
});

test("messages of other versions or of unknown kinds are no messages", () => {
  expect(readMessage({ v: 1, kind: "frame", seq: 3 })).toEqual({ kind: "frame", seq: 3 });
  expect(readMessage({ v: 2, kind: "frame", seq: 3 })).toBeNull();
  expect(readMessage({ v: 1, kind: "anywidget-command" })).toBeNull();
  expect(readMessage("frame")).toBeNull();
});

test("a graph keeps its names as data and loses the underscores of its fields", () => {
  const read = readGraph(graphJson(4));
  expect(read?.generation).toBe(4);
  expect(read?.graph.layers[1]?.parameters[0]).toEqual({
    name: "kernel",
    shape: [2, 3],
    dtype: "float32",
    isTrainable: true,
  });
  expect(read?.graph.layers[1]?.outputShape).toEqual([[null, 3]]);
  expect(readGraph(null)).toBeNull();
  expect(() => readGraph({ name: 3 })).toThrow(/Expected text for name/);
});

test("what layers have in common is read from where it stands once", () => {
  const json = graphJson();
  const [make] = json.layers as Record<string, unknown>[];
  const read = readGraph({ ...json, makes: [{}, make], layers: [{ id: "X", name: "its own", make: 1 }] });
  expect(read?.graph.layers).toMatchObject([
    { id: "X", name: "its own", type: "InputLayer", outputShape: [[null, 2]] },
  ]);
});

test("a role that this page does not know is a layer of which nothing is known", () => {
  const json = graphJson();
  const roles = (raw: unknown) => readGraph(raw)?.graph.layers.map(({ role }) => role);
  expect(roles(json)).toEqual(["input", "dense", "dense"]);
  const layers = (json.layers as object[]).map((layer) => ({ ...layer, role: "a role of tomorrow" }));
  expect(roles({ ...json, layers })).toEqual(["opaque", "opaque", "opaque"]);
});

test("a trait that does not fit becomes its default", () => {
  expect(readTrait("selection", {})).toBeNull();
  expect(readTrait("selection", { layer: "L2", unit: 1 })).toEqual({ layer: "L2", unit: 1 });
  expect(readTrait("selection", { layer: "L2", unit: -1 })).toBeNull();
  expect(readTrait("selection", { layer: "L2" })).toEqual({ layer: "L2", unit: null });
  expect(readTrait("selection", { layer: "L2", unit: null })).toBeNull();
  expect(readTrait("selection", { unit: 2 })).toBeNull();
  expect(readTrait("edges", "nonsense")).toBe("weight");
  expect(readTrait("step", Number.NaN)).toBeNull();
  expect(readTrait("height", 20)).toBe(360);
  expect(writeTrait("selection", null)).toEqual({});
  expect(writeTrait("selection", { layer: "L2", unit: null })).toEqual({ layer: "L2" });
  expect(writeTrait("selection", { layer: "L2", unit: 0 })).toEqual({ layer: "L2", unit: 0 });
});
