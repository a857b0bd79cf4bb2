// @vitest-environment jsdom
import { expect, test } from "vitest";
import { denseLayer, emptyFrame, graph, layer, scenery } from "../demo/frames.ts";
import { FrameStore } from "../src/store/frameStore.ts";
import { ViewState } from "../src/store/viewState.ts";
import { createInspector } from "../src/ui/inspector/inspector.ts";
import { noActions } from "./helpers.ts";

const input = layer("I", "input", "InputLayer", [4]);
const dense = denseLayer("D", "dense", 4, 1, "linear");
const own = layer("O", "own", "Mine", [4], { note: "used an unknown number of times" });

/** What the inspector says of all that is drawn, while nothing is selected. */
function overviewOf(network: ReturnType<typeof graph>, omission = ""): string {
  const store = new FrameStore();
  store.update({ graph: network, frame: emptyFrame(), scenery: scenery({}), connection: "live" });
  const shell = { store, state: new ViewState({}), actions: noActions, signal: new AbortController().signal };
  const inspector = createInspector(shell, "light", () => {});
  inspector.setOmission(omission);
  inspector.update();
  return inspector.element.textContent ?? "";
}

test("that every neuron is drawn is said where none is within a card", () => {
  expect(overviewOf(graph("plain", [input, dense], [["I", "D"]]))).toContain("Every edge and every neuron is drawn.");
  const carded = graph(
    "carded",
    [input, own, dense],
    [
      ["I", "O"],
      ["O", "D"],
    ],
  );
  const said = overviewOf(carded, "6 edges, drawn as 2 bundles.");
  expect(said).toContain("6 edges, drawn as 2 bundles.");
  expect(said).toContain("1 layer is a card, within which nothing is drawn.");
  expect(said).not.toContain("every neuron");
});
