import type { Face, GroupFacts, Layer } from "../core/graph.ts";
import { safeText } from "../lib/safeText.ts";
import { type Key, keyOf, say } from "../lib/say.ts";
import type { NetworkNode, NodeKind } from "./readNodes.ts";

const OF_NAMES: Partial<Record<GroupFacts["kind"], Key>> = { stage: keyOf("stage"), repeat: keyOf("repeat") };
const MOST_NAMES = 16;

const OPENABLE: ReadonlySet<NodeKind> = new Set(["card", "heads", "maps", "told"]);

/** The group that a node is the card of; null for a layer. One that is drawn as what it is counts as a layer. */
export function closedGroup(node: NetworkNode): GroupFacts | null {
  return OPENABLE.has(node.kind) ? (node.layers[0]?.group ?? null) : null;
}

/** `Functional`, `stage`: what a group is. */
export function groupKind({ type }: { readonly type: string }, { kind }: GroupFacts): string {
  const word = OF_NAMES[kind];
  return word === undefined ? safeText(type) : say(word);
}

/** `3 alike` of different weights, else `62 layers`; `used 3 ×` of the same ones. */
export function groupNotes(group: GroupFacts): string[] {
  const notes = [
    group.kind === "repeat" ? say("alike", { members: group.memberCount }) : say("layers", { count: group.layerCount }),
  ];
  if (group.uses === null) notes.push(say("usedUnknown"));
  else if (group.uses > 1) notes.push(say("usedTimes", { uses: group.uses }));
  return notes;
}

/** What is drawn of a layer as somebody has told, in parts of a list; none where nobody has. */
export function faceParts({ face, unitNames }: Layer): string[] {
  if (face == null) return [];
  const names = unitNames.slice(0, MOST_NAMES).map(safeText).join(" · ");
  const count = say(WORD_OF[face.kind], { count: face.shape[2] });
  const parts = [names === "" ? count : say("nameIs", { name: count, value: names })];
  return face.title === "" ? parts : [...parts, say("shows", { what: safeText(face.title) })];
}

/** What the parts of a face are called. */
export const WORD_OF: Readonly<Record<Face["kind"], Key>> = {
  units: keyOf("values"),
  strip: keyOf("pictures"),
  maps: keyOf("pictures"),
  matrix: keyOf("pictures"),
  text: keyOf("tokens"),
  card: keyOf("values"),
};

/** What a closed group is, in parts of a list. */
export function groupParts(layer: Layer, group: GroupFacts): string[] {
  const heads = layer.attention == null ? [] : [say("heads", { count: layer.attention.heads })];
  return [
    groupKind(layer, group),
    ...heads,
    ...faceParts(layer),
    ...groupNotes(group),
    ...(group.inside === null ? [] : [safeText(group.inside)]),
  ];
}
