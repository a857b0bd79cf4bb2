import type { Scenery } from "../../core/frame.ts";
import { type IndexedLayer, type NetworkIndex, pathsTo } from "../../core/networkIndex.ts";
import type { NetworkNode, NodeKind } from "../../layout/readNodes.ts";
import { safeText } from "../../lib/safeText.ts";
import { type Key, keyOf, say } from "../../lib/say.ts";
import { className, unitName } from "../words/readUnit.ts";
import { spokenLayer } from "../words/spokenNames.ts";

/** A layer, or a unit of it, that a search found. */
export interface FoundPlace {
  readonly layer: string;
  readonly unit: number | null;
  readonly title: string;
  /** What tells it from others of the same title. */
  readonly detail: string;
  /** Paths of the groups that have to be open for it to be seen. */
  readonly within?: readonly string[];
}

interface Ranked {
  readonly found: FoundPlace;
  /** 0 is the whole name, 1 its beginning, 2 any part of it. */
  readonly rank: number;
}

/**
 * Layers and units by name and number: `dense_1`, `dense_1 3` or `dense 1 · 3` (a unit of a layer), `3` (unit 3 of each
 * layer), names of classes and features; layers out of sight by path and class. Better matches first, then in the order of the network; `total` counts all.
 */
export function findPlaces(
  nodes: readonly NetworkNode[],
  scenery: Scenery | null,
  query: string,
  most: number,
  index: NetworkIndex | null = null,
): { readonly places: readonly FoundPlace[]; readonly total: number } {
  const wanted = normalize(query);
  const ranked = wanted === "" ? nodes.map((node) => ({ found: foundLayer(node), rank: 0 })) : [];
  if (wanted !== "") {
    const asUnit = UNIT.exec(wanted);
    for (const node of nodes) {
      const layerRank = rankOf(normalize(node.name), wanted);
      if (layerRank !== null) ranked.push({ found: foundLayer(node), rank: layerRank });
      if (asUnit !== null) ranked.push(...numbered(node, scenery, asUnit[1] ?? "", Number(asUnit[2])));
      ranked.push(...named(node, scenery, wanted));
    }
    if (index !== null) ranked.push(...outOfSight(nodes, index, wanted));
    ranked.sort((a, b) => a.rank - b.rank);
  }
  const seen = new Set<string>();
  const places = ranked
    .map(({ found }) => found)
    .filter(({ layer, unit }) => {
      const key = `${layer} ${unit ?? ""}`;
      return !seen.has(key) && seen.add(key);
    });
  return { places: places.slice(0, most), total: places.length };
}

/** `3`, `unit 3`, `dense_1 3`, `dense_1 unit 3`, with the word for a unit in English and in the language of the page. */
const UNIT = new RegExp(`^(?:(.*?) )?(?:(?:unit|${say("searchUnit")}) ?)?(\\d+)$`);

const LAST_RANK = 3;

function normalize(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\u00b7\s]+/g, " ")
    .trim();
}

/** Layers and groups that are not in sight, by path and class; what is in sight comes first. */
function outOfSight(nodes: readonly NetworkNode[], index: NetworkIndex, wanted: string): Ranked[] {
  const inSight = new Set(nodes.flatMap(({ layers }) => layers.map(({ id }) => id)));
  const found: Ranked[] = [];
  for (const one of [...index.groups, ...index.layers]) {
    if (inSight.has(one.id)) continue;
    const rank = rankOf(normalize(one.path), wanted) ?? (normalize(one.type).startsWith(wanted) ? LAST_RANK : null);
    if (rank === null) continue;
    found.push({ found: foundIn(index, one), rank });
  }
  return found;
}

/** A layer or group, in sight or not. */
export function foundIn(index: NetworkIndex, one: IndexedLayer): FoundPlace {
  const within = pathsTo(index, one);
  const around = within.at(-1);
  const detail = [safeText(one.type), ...(around === undefined ? [] : [say("insideOf", { name: safeText(around) })])];
  const title = safeText(one.path.slice(one.path.lastIndexOf("/") + 1));
  return { layer: one.id, unit: null, title, detail: detail.join(say("comma")), within };
}

function rankOf(name: string, wanted: string): number | null {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  return name.includes(wanted) ? 2 : null;
}

function foundLayer(node: NetworkNode): FoundPlace {
  const title = safeText(node.name);
  return { layer: node.id, unit: null, title, detail: spokenLayer(node).slice(title.length + say("comma").length) };
}

const NUMBER_OF: Partial<Record<NodeKind, Key>> = { input: keyOf("inputNumber"), maps: keyOf("mapNumber") };

function foundUnit(node: NetworkNode, unit: number, scenery: Scenery | null): FoundPlace {
  return {
    layer: node.id,
    unit,
    title: unitName(node, unit, scenery),
    detail: [safeText(node.name), say(NUMBER_OF[node.kind] ?? keyOf("unitNumber"), { unit })].join(say("comma")),
  };
}

/** Unit `unit` of the layers whose name matches; a number alone comes after what is called so. */
function numbered(node: NetworkNode, scenery: Scenery | null, layer: string, unit: number): Ranked[] {
  const rank = layer === "" ? 2 : rankOf(normalize(node.name), layer);
  if (rank === null || unit >= node.units) return [];
  return [{ found: foundUnit(node, unit, scenery), rank }];
}

function named(node: NetworkNode, scenery: Scenery | null, wanted: string): Ranked[] {
  const names = namesOf(node, scenery);
  return names.flatMap((name, unit) => {
    const rank = rankOf(normalize(name), wanted);
    return rank === null ? [] : [{ found: foundUnit(node, unit, scenery), rank }];
  });
}

function namesOf(node: NetworkNode, scenery: Scenery | null): readonly string[] {
  if (node.unitNames.length > 0) return node.unitNames;
  if (scenery === null) return [];
  if (node.kind === "input") return scenery.featureNames.length === node.units ? scenery.featureNames : [];
  return className(node, 0, scenery) === null ? [] : scenery.classNames;
}
