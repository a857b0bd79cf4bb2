import type { Graph, OpenGroup } from "../core/graph.ts";
import type { NetworkIndex } from "../core/networkIndex.ts";
import type { ViewValues } from "./viewState.ts";

/** Of more layers the stages are shown, row by row, until a person wants the columns. */
const MANY = 40;

/** Whether a network is drawn as rows of its levels. */
export function isInLevels(index: NetworkIndex | null, { hasLevels }: ViewValues): boolean {
  return index !== null && (hasLevels ?? index.count > MANY);
}

/** As many paths as the kernel takes; those opened first give way. */
const MOST_OPENED = 256;

export function withOpened(opened: readonly string[], ...paths: readonly string[]): readonly string[] {
  return [...opened.filter((path) => !paths.includes(path)), ...paths].slice(-MOST_OPENED);
}

export function withClosed(opened: readonly string[], path: string): readonly string[] {
  return opened.filter((other) => other !== path);
}

/** The innermost open group around a layer or group that can be closed. */
export function openGroupAround(graph: Graph, id: string): OpenGroup | undefined {
  return graph.opened.find((group) => group.members.includes(id) && !isAllThereIs(graph, group));
}

/** Whether nothing but inputs lies outside of a group: closed it would leave nothing to look at. */
export function isAllThereIs(graph: Graph, { id, parent }: OpenGroup): boolean {
  return parent === null && graph.level.members.every((member) => member === id || graph.inputs.includes(member));
}
