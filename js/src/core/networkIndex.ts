import type { GroupKind } from "./graph.ts";

/** A layer or group by where it is, whether it is in sight or not. */
export interface IndexedLayer {
  readonly id: string;
  readonly path: string;
  readonly type: string;
  /** The place of the group around it among the groups; −1 for none. */
  readonly parent: number;
}

export interface IndexedGroup extends IndexedLayer {
  readonly kind: GroupKind;
}

/** All layers of a network with groups, from the input to the output. */
export interface NetworkIndex {
  readonly layers: readonly (IndexedLayer & { readonly parameterCount: number })[];
  readonly groups: readonly IndexedGroup[];
  /** How many there are, of which the first are listed. */
  readonly count: number;
}

/** Paths of the groups around a layer, the outermost first: what has to be open for it to be seen. */
export function pathsTo({ groups }: NetworkIndex, { parent }: IndexedLayer): readonly string[] {
  const paths: string[] = [];
  for (let group = groups[parent]; group !== undefined; group = groups[group.parent]) paths.unshift(group.path);
  return paths;
}
