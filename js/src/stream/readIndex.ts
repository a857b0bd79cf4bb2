import { GROUP_KINDS } from "../core/graph.ts";
import type { IndexedLayer, NetworkIndex } from "../core/networkIndex.ts";
import { integer, json, list, oneOf, texts } from "./narrow.ts";

/** The list of all layers; twin of `index_of` in nnvis_widget/stream/folded_graph.py. Null where there are no groups. */
export function readIndex(value: unknown): NetworkIndex | null {
  if (value === null || value === undefined) return null;
  const raw = json(value, "index");
  const types = texts(raw, "types");
  const rowOf = (one: unknown): readonly unknown[] => (Array.isArray(one) ? one : []);
  const read = ([id, path, type, parent]: readonly unknown[]): IndexedLayer => ({
    id: String(id),
    path: String(path),
    type: types[Number(type)] ?? "",
    parent: Number(parent),
  });
  return {
    layers: list(raw, "layers")
      .map(rowOf)
      .map((row) => ({ ...read(row), parameterCount: Number(row[4]) })),
    groups: list(raw, "groups")
      .map(rowOf)
      .map((row) => ({ ...read(row), kind: oneOf(GROUP_KINDS, row[4], "layer") })),
    count: integer(raw, "count"),
  };
}
