import { describe, expect, test, vi } from "vitest";
import { denseLayer, graph, layer } from "../demo/frames.ts";
import type { Graph, OpenGroup } from "../src/core/graph.ts";
import type { NetworkIndex } from "../src/core/networkIndex.ts";
import { readNodes } from "../src/layout/readNodes.ts";
import { followOpenings } from "../src/store/followOpenings.ts";
import { FrameStore } from "../src/store/frameStore.ts";
import { isAllThereIs, openGroupAround, withClosed, withOpened } from "../src/store/openGroups.ts";
import { ViewState } from "../src/store/viewState.ts";
import { readIndex } from "../src/stream/readIndex.ts";
import { findPlaces } from "../src/ui/places/findPlaces.ts";
import { spokenLayer } from "../src/ui/words/spokenNames.ts";

const FACTS = { path: "inner", kind: "model", uses: 1, memberCount: 2, layerCount: 2, inside: null } as const;
const card = layer("G", "inner", "Functional", [3], { note: "no inner view", parameterCount: 20, group: FACTS });
const input = layer("A", "x", "InputLayer", [3], { role: "input" });
const closed = graph("net", [input, card], [["A", "G"]]);
const inner: OpenGroup = {
  ...FACTS,
  id: "G",
  name: "inner",
  type: "Functional",
  parent: null,
  outputShape: [[null, 2]],
  parameterCount: 20,
  members: ["I", "D"],
  links: [],
};
const open: Graph = {
  ...graph(
    "net",
    [input, layer("I", "input_layer", "InputLayer", [3], { role: "input" }), denseLayer("D", "dense", 3, 2, "tanh")],
    [
      ["A", "I"],
      ["I", "D"],
    ],
    { inputs: ["A"] },
  ),
  level: { members: ["A", "G"], links: [] },
  opened: [inner],
};

describe("opened groups", () => {
  test("a path is opened once, and closed alone", () => {
    expect(withOpened(["a", "b"], "a")).toEqual(["b", "a"]);
    expect(withClosed(["a", "a/b"], "a")).toEqual(["a/b"]);
    expect(withOpened(Array.from({ length: 256 }, String), "new")).toHaveLength(256);
  });

  test("what is all there is cannot be closed by Esc", () => {
    expect(isAllThereIs(open, inner)).toBe(true);
    expect(openGroupAround(open, "D")).toBeUndefined();
    const beside = { ...open, level: { members: ["A", "G", "B"], links: [] } };
    expect(openGroupAround(beside, "D")).toBe(inner);
  });

  test("the input of a nested model is no column of its own", () => {
    expect(readNodes(open).map(({ name }) => name)).toEqual(["x", "dense"]);
  });

  test("a closed group is spoken of as one that Enter opens", () => {
    const node = readNodes(closed)[1];
    expect(node === undefined ? "" : spokenLayer(node)).toBe("inner, Functional, 2 layers, closed, Enter opens it");
  });

  test("who opens a group is led to its first member, who closes it to its card", () => {
    const [store, state] = [new FrameStore(), new ViewState()];
    store.update({ graph: closed });
    const tell = vi.fn();
    followOpenings({ store, state, signal: new AbortController().signal }, tell);
    state.set({ opened: ["inner"] });
    expect(tell).not.toHaveBeenCalled();
    store.update({ graph: open });
    expect(tell).toHaveBeenLastCalledWith({ layer: "I", unit: null });
    state.set({ opened: [] });
    store.update({ graph: closed });
    expect(tell).toHaveBeenLastCalledWith({ layer: "G", unit: null });
  });

  test("a layer that is out of sight is gone to once its graph is there", () => {
    const [store, state] = [new FrameStore(), new ViewState()];
    store.update({ graph: closed });
    const { whenSeen } = followOpenings({ store, state, signal: new AbortController().signal }, () => {});
    const act = vi.fn();
    whenSeen({ layer: "D", unit: null }, act);
    expect(act).not.toHaveBeenCalled();
    store.update({ graph: open });
    expect(act).toHaveBeenCalledOnce();
  });
});

describe("the list of all layers", () => {
  const index = readIndex({
    layers: [
      ["A", "x", 0, -1, 0],
      ["I", "inner/input_layer", 0, 0, 0],
      ["D", "inner/dense", 1, 0, 8],
    ],
    groups: [["G", "inner", 2, -1, "model"]],
    types: ["InputLayer", "Dense", "Functional"],
    count: 3,
  }) as NetworkIndex;

  test("a search finds layers within closed groups, by path and by class, with what has to be opened", () => {
    const found = findPlaces(readNodes(closed), null, "inner/dense", 8, index).places;
    expect(found).toEqual([{ layer: "D", unit: null, title: "dense", detail: "Dense, in inner", within: ["inner"] }]);
    expect(findPlaces(readNodes(closed), null, "dense", 8, index).places.map(({ layer }) => layer)).toEqual(["D"]);
  });

  test("what is in sight is found once", () => {
    expect(findPlaces(readNodes(open), null, "dense", 8, index).total).toBe(1);
  });
});
