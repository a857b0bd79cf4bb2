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

/** By id of each layer and group the places of the layers in it. */
export function placesOf({ layers, groups }: NetworkIndex): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>(layers.map(({ id }, place) => [id, [place]]));
  layers.forEach((layer, place) => {
    for (let group = groups[layer.parent]; group !== undefined; group = groups[group.parent]) {
      const within = places.get(group.id);
      if (within === undefined) places.set(group.id, [place]);
      else within.push(place);
    }
  });
  return places;
}

/** Paths of the groups around a layer, the outermost first: what has to be open for it to be seen. */
export function pathsTo({ groups }: NetworkIndex, { parent }: IndexedLayer): readonly string[] {
  const paths: string[] = [];
  for (let group = groups[parent]; group !== undefined; group = groups[group.parent]) paths.unshift(group.path);
  return paths;
}
