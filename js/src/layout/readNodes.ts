import { ANATOMY, NEVER_NEGATIVE } from "../core/anatomy.ts";
import type { Face, Graph, Layer, Shape } from "../core/graph.ts";
import { indexOnce } from "../lib/indexOnce.ts";
import { hasMaps, headShapeOf, type MapShape, mapShapeOf } from "./mapShape.ts";

/**
 * `named`: units of which nothing more is known than what they put out, such as those that their layer names, or means of
 * maps; `maps`: its units are maps; `heads`: its units are heads of attention; `told`: they are what somebody has told to
 * read of it.
 */
export type NodeKind = "input" | "named" | "dense" | "maps" | "heads" | "told" | "merge" | "card";

/** What the picture shows as one thing: a layer with the elementwise layers folded into it. */
export interface NetworkNode {
  /** The id of its main layer: the one with the weights, or the input. */
  readonly id: string;
  readonly kind: NodeKind;
  /** Main layer first, then what is folded into it, in order. */
  readonly layers: readonly Layer[];
  readonly name: string;
  readonly units: number;
  /** What its units are called; empty where its layer names none. */
  readonly unitNames: readonly string[];
  /** Output shape without the batch. */
  readonly shape: readonly (number | null)[];
  readonly activation: string | null;
  /** Of a node whose units are maps. */
  readonly maps: MapShape | null;
  /** Of a node whose units are pictures: its maps, the scores of its heads, what is read of it. */
  readonly pictures: MapShape | null;
  /** Its numbers are those of tokens, or what comes in are texts: they are no sizes. */
  readonly isTokens: boolean;
  /** Texts come in, not numbers. */
  readonly isText: boolean;
  /** What it puts out is never below zero. */
  readonly isNeverNegative: boolean;
  readonly sources: readonly string[];
  /** Of a merge what it joins, in its order; empty of all else. */
  readonly parts: readonly NetworkNode[];
  readonly isOutput: boolean;
  /** Longest path from an input. */
  readonly rank: number;
  /** First and last of the inputs it depends on. */
  readonly lanes: readonly [number, number];
}

function withoutBatch(shape: Shape | undefined): readonly (number | null)[] {
  return shape === undefined ? [] : shape.slice(1);
}

function sizeOf(layer: Layer): number | null {
  const shape = layer.outputShape[0];
  if (shape === undefined) return null;
  return withoutBatch(shape).reduce<number | null>(
    (size, axis) => (size === null || axis === null ? null : size * axis),
    1,
  );
}

function kindOf(layer: Layer, isInput: boolean, isMaps: () => boolean): NodeKind {
  const rank = layer.outputShape[0]?.length ?? 0;
  if (layer.face != null) return layer.face.kind === "card" ? "card" : layer.face.isOutput ? "named" : "told";
  if (layer.role === "merge" && layer.note === null) return "merge";
  if (headShapeOf(layer) !== null) return "heads";
  const isKnown = layer.note === null && layer.outputShape.length === 1 && rank >= 2 && (sizeOf(layer) ?? 0) > 0;
  if (!isKnown) return "card";
  if (isInput) return "input";
  if (rank >= 3 && !(rank === 3 && invites(layer)) && isMaps()) return "maps";
  const hasKernel = layer.parameters.some((parameter) => parameter.name === "kernel" && parameter.shape.length === 2);
  if (layer.role === "dense" && rank === 2 && hasKernel) return "dense";
  const isTold = layer.unitNames.length > 0 || layer.role === "pool" || layer.role === "recurrent";
  return rank === 2 && isTold ? "named" : "card";
}

/** Code of one's own, or a model within the model, that is closed: a card, for there is more to see when it is open. */
function invites({ group, role }: Layer): boolean {
  return group !== null && group.kind !== "wrapper" && (role === "group" || role === "opaque");
}

/** None of a recurrent layer: what its units put out is made by several gates. */
function activationOf(layers: readonly Layer[]): string | null {
  let activation: string | null = null;
  for (const layer of layers) {
    const own = layer.role === "recurrent" ? null : layer.activation;
    if (own !== null && own !== "linear") activation = own;
    else if (activation === null) activation = own;
  }
  return activation;
}

/** Ids in an order where sources come first; what is on a cycle (a layer used twice) keeps the model's order. */
function sortTopologically(graph: Graph): Layer[] {
  const place = new Map(graph.layers.map((layer, index) => [layer.id, index]));
  const waiting = new Map(graph.layers.map((layer) => [layer.id, new Set<string>()]));
  const targets = new Map<string, string[]>();
  for (const link of graph.links) {
    if (!place.has(link.source) || link.source === link.target) continue;
    waiting.get(link.target)?.add(link.source);
    targets.set(link.source, [...(targets.get(link.source) ?? []), link.target]);
  }
  const sorted: Layer[] = [];
  const done = new Set<string>();
  const queue = graph.layers.filter((layer) => waiting.get(layer.id)?.size === 0);
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    done.add(next.id);
    sorted.push(next);
    for (const id of targets.get(next.id) ?? []) {
      const open = waiting.get(id);
      if (open?.delete(next.id) && open.size === 0) {
        const layer = graph.layers[place.get(id) ?? -1];
        if (layer !== undefined) queue.push(layer);
      }
    }
  }
  return sorted.concat(graph.layers.filter((layer) => !done.has(layer.id)));
}

interface Draft {
  kind: NodeKind;
  layers: Layer[];
  sources: string[];
  isOutput: boolean;
}

function mayFold(layer: Layer, sources: readonly string[], host: Draft | undefined, consumers: number): boolean {
  if (host === undefined || sources.length !== 1 || consumers !== 1) return false;
  const handsOn = layer.role === "input" || ANATOMY[layer.role].passesUnits; // the input of a model within the model
  if (!handsOn || layer.parameterCount > 0 || layer.note !== null) return false;
  // What a norm makes of an activation is a thing of its own to look at.
  if (layer.role === "norm") return false;
  if (host.kind === "merge" || host.isOutput || host.layers[0]?.group !== null) return false;
  const last = host.layers.at(-1);
  const size = sizeOf(layer);
  return last !== undefined && size !== null && size === sizeOf(last);
}

/** Folds elementwise layers into their column and finds how far each node is from the inputs. */
export function readNodes(graph: Graph): NetworkNode[] {
  const drafts = new Map<string, Draft>();
  const ownerOf = new Map<string, string>();
  const consumers = new Map<string, number>();
  const sourcesOf = new Map<string, string[]>();
  const layers = new Map(graph.layers.map((layer) => [layer.id, layer]));
  for (const link of graph.links) {
    consumers.set(link.source, (consumers.get(link.source) ?? 0) + 1);
    sourcesOf.set(link.target, [...(sourcesOf.get(link.target) ?? []), link.source]);
  }
  for (const layer of sortTopologically(graph)) {
    const links = (sourcesOf.get(layer.id) ?? []).filter((id) => id !== layer.id);
    const sources = [...new Set(links.map((id) => ownerOf.get(id)).filter((id) => id !== undefined))];
    const isOutput = graph.outputs.includes(layer.id);
    const host = drafts.get(sources[0] ?? "");
    if (host !== undefined && mayFold(layer, links, host, consumers.get(links[0] ?? "") ?? 0)) {
      host.layers.push(layer);
      host.isOutput ||= isOutput;
      ownerOf.set(layer.id, sources[0] ?? "");
      continue;
    }
    const kind = kindOf(layer, graph.inputs.includes(layer.id), () => hasMaps(layer, graph, layers));
    drafts.set(layer.id, { kind, layers: [layer], sources, isOutput });
    ownerOf.set(layer.id, layer.id);
  }
  return finish(graph, drafts);
}

function finish(graph: Graph, drafts: ReadonlyMap<string, Draft>): NetworkNode[] {
  const nodes = new Map<string, NetworkNode>();
  const laneCount = Math.max(1, graph.inputs.length);
  for (const [id, draft] of drafts) {
    const main = draft.layers[0];
    const last = draft.layers.at(-1);
    if (main === undefined || last === undefined) continue;
    const sources = draft.sources.map((source) => nodes.get(source)).filter((source) => source !== undefined);
    const lane = graph.inputs.indexOf(id);
    const ownLanes: [number, number] = lane >= 0 ? [lane, lane] : [0, laneCount - 1];
    const maps = draft.kind === "maps" ? mapShapeOf(main) : null;
    const told = draft.kind === "told" ? (main.face ?? null) : null;
    const isText = draft.kind === "input" && main.isText === true;
    const picturesTold = told !== null && PICTURES.has(told.kind) ? told.shape : null;
    const pictures = draft.kind === "heads" ? headShapeOf(main) : (maps ?? picturesTold);
    const activation = activationOf(draft.layers);
    nodes.set(id, {
      id,
      kind: draft.kind,
      layers: draft.layers,
      name: main.name,
      units: draft.kind === "card" ? 0 : (told?.shape[2] ?? pictures?.[2] ?? sizeOf(last) ?? 0),
      unitNames: main.unitNames,
      shape: withoutBatch(draft.kind === "input" || maps !== null ? main.outputShape[0] : last.outputShape[0]),
      activation,
      maps,
      pictures,
      isTokens:
        isText ||
        (draft.kind !== "card" && main.face?.kind === "text") ||
        (draft.kind === "input" && main.isTokens === true),
      isText,
      isNeverNegative: isNeverNegative(draft.layers, activation, sources),
      sources: draft.sources,
      parts: draft.kind === "merge" ? sources : [],
      isOutput: draft.isOutput,
      rank: sources.reduce((rank, source) => Math.max(rank, source.rank + 1), 0),
      lanes:
        sources.length === 0
          ? ownLanes
          : [
              Math.min(...sources.map((source) => source.lanes[0])),
              Math.max(...sources.map((source) => source.lanes[1])),
            ],
    });
  }
  return [...nodes.values()];
}

/** By its activation; a layer that only picks or averages what comes in is as its sources are. */
function isNeverNegative(
  [main]: readonly Layer[],
  activation: string | null,
  sources: readonly { readonly isNeverNegative: boolean }[],
): boolean {
  if (activation !== null && activation !== "linear") return NEVER_NEGATIVE.has(activation);
  const isPassedOn = main !== undefined && PASS_ON.has(main.role) && main.parameterCount === 0;
  return isPassedOn && sources.length > 0 && sources.every((source) => source.isNeverNegative);
}

const PASS_ON: ReadonlySet<string> = new Set(["pool", "reshape"]);

/** Faces that are pictures. */
const PICTURES: ReadonlySet<Face["kind"]> = new Set(["strip", "maps", "matrix"]);

/** Whether something else is drawn of it than what it puts out: no links lead from that to the layers behind. */
export function isBeside({ kind }: NetworkNode): boolean {
  return kind === "heads" || kind === "told";
}

/** A layer by id, whichever node it is folded into. */
export const nodeOfLayer = indexOnce<NetworkNode>(({ layers }) => layers.map(({ id }) => id));
