import { expect, test } from "vitest";
import { unbuilt } from "../demo/structureScenes.ts";
import type { Graph } from "../src/core/graph.ts";
import { factsOf } from "../src/ui/words/factsOf.ts";
import { notBuilt } from "../src/ui/words/notBuilt.ts";

const { graph } = unbuilt() as { graph: Graph };

test("a network that is not built is said to have neither weights nor a number of them", () => {
  expect(notBuilt(graph)).toContain("not built yet");
  expect(factsOf(graph, null)).not.toContain("parameters");
});

test("what is said of a network that was read from a file is why its weights are not known", () => {
  expect(notBuilt({ ...graph, note: "Read from a file." })).toBe("Read from a file.");
  expect(notBuilt({ ...graph, isBuilt: true })).toBe("");
});
