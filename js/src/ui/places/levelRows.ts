import type { Graph, GroupFacts, OpenGroup, Shape } from "../../core/graph.ts";

/** A layer or group in a row. */
export interface LevelCard {
  readonly id: string;
  readonly name: string;
  /** Without what the group around it is called. */
  readonly shortName: string;
  readonly type: string;
  readonly shape: Shape | undefined;
  readonly parameterCount: number;
  readonly note: string | null;
  /** Null of a layer. */
  readonly group: GroupFacts | null;
  readonly isOpen: boolean;
}

/** What lies side by side in the network, or in an opened group. */
export interface LevelRow {
  readonly group: OpenGroup | null;
  /** Names from the network to the group. */
  readonly trail: readonly string[];
  readonly cards: readonly LevelCard[];
  /** By their places; −1 is what comes from outside. */
  readonly links: readonly (readonly [number, number])[];
}

/** A row for the outermost level and one for each opened group, what holds others before them. */
export function levelRows(graph: Graph): LevelRow[] {
  const groups = new Map(graph.opened.map((group) => [group.id, group]));
  const layers = new Map(graph.layers.map((layer) => [layer.id, layer]));
  const trailOf = (group: OpenGroup | undefined): readonly string[] =>
    group === undefined ? [graph.name] : [...trailOf(groups.get(group.parent ?? "")), group.name];
  return [null, ...graph.opened].map((group) => {
    const { members, links } = group ?? graph.level;
    const trail = trailOf(group ?? undefined);
    const around = trail.slice(1).reverse();
    const cards = members.flatMap((id): LevelCard[] => {
      const open = groups.get(id);
      const one = open ?? layers.get(id);
      if (one === undefined) return [];
      const { name, type, parameterCount, outputShape } = one;
      return [
        {
          ...{ id, name, type, parameterCount, shape: outputShape[0], isOpen: open !== undefined },
          shortName: shortened(name, around),
          note: open === undefined ? (layers.get(id)?.note ?? null) : null,
          group: open ?? layers.get(id)?.group ?? null,
        },
      ];
    });
    const places = new Map(cards.map(({ id }, place) => [id, place]));
    return {
      group,
      trail,
      cards,
      links: links.flatMap(({ source, target }) => {
        const to = places.get(target);
        return to === undefined ? [] : [[places.get(source) ?? -1, to] as const];
      }),
    };
  });
}

/** Between the first and the last of a repetition, as Python has it. */
const TO = " … ";

/** Without the name of the innermost group around it that it begins with. */
export function shortened(name: string, around: readonly string[]): string {
  const short = (one: string): string => {
    const start = around
      .map((group) => `${group}_`)
      .find((group) => one.startsWith(group) && one.length > group.length);
    return start === undefined ? one : one.slice(start.length);
  };
  return name.split(TO).map(short).join(TO);
}

/** How wide cards are, and how many there is room for: at most twelve, 84 to 160 px. */
export function cardWidth(count: number, room: number): number {
  const fitting = Math.max(1, Math.floor((room + GAP) / (LEAST_WIDTH + GAP)));
  const shown = Math.min(count, MOST_IN_ROW, fitting);
  return Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, (room - (shown - 1) * GAP) / shown));
}

export const GAP = 14;
const LEAST_WIDTH = 84;
const MOST_WIDTH = 160;
const MOST_IN_ROW = 12;

/** The cards within a row that is scrolled, from the first to behind the last, with one more on either side. */
export function cardsInView(count: number, width: number, left: number, room: number): readonly [number, number] {
  const pitch = width + GAP;
  return [Math.max(0, Math.floor(left / pitch) - 1), Math.min(count, Math.ceil((left + room) / pitch) + 1)];
}

/** The links that lead over others of the row, as far as they are in view, each on a lane of its own if there is room. */
export function skipsInView(
  links: LevelRow["links"],
  [first, behind]: readonly [number, number],
): readonly { readonly from: number; readonly to: number; readonly lane: number }[] {
  const skips = links.filter(
    ([from, to]) => to > from + 1 && from < behind && to >= first && !(from === -1 && to === 0),
  );
  const ends: number[] = [];
  return [...skips]
    .sort((one, other) => one[0] - other[0])
    .map(([from, to]) => {
      const free = ends.findIndex((end) => end <= from);
      const lane = free >= 0 ? free : ends.length < LANES ? ends.length : LANES - 1;
      ends[lane] = to;
      return { from, to, lane };
    });
}

export const LANES = 3;
