import type { GroupFacts, Layer } from "../core/graph.ts";
import { safeText } from "../lib/safeText.ts";
import { type Key, keyOf, say } from "../lib/say.ts";
import type { NetworkNode, NodeKind } from "./readNodes.ts";

const OF_NAMES: Partial<Record<GroupFacts["kind"], Key>> = { stage: keyOf("stage"), repeat: keyOf("repeat") };

const OPENABLE: ReadonlySet<NodeKind> = new Set(["card", "heads", "maps"]);

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

/** What a closed group is, in parts of a list. */
export function groupParts(layer: Layer, group: GroupFacts): string[] {
  const heads = layer.attention == null ? [] : [say("heads", { count: layer.attention.heads })];
  return [
    groupKind(layer, group),
    ...heads,
    ...groupNotes(group),
    ...(group.inside === null ? [] : [safeText(group.inside)]),
  ];
}
