type Colour = readonly [number, number, number];

/** Told apart with every kind of colour vision: M. Okabe and K. Ito, "Color Universal Design", 2008. */
const COLOURS: readonly Colour[] = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [86, 180, 233],
  [213, 94, 0],
  [240, 228, 66],
];
const REST: Colour = [128, 128, 128];

export interface ClassColours {
  /** Those that have a colour of their own, in order. */
  readonly named: readonly number[];
  /** How many share the colour of the rest. */
  readonly restCount: number;
  of(index: number): Colour;
}

/**
 * A colour for each class of a picture, or, of many, for those that are in sight: the wanted ones first, so that they keep
 * theirs while the network learns.
 */
export function colourClasses(count: number, wanted: ArrayLike<number>, putOut: ArrayLike<number>): ClassColours {
  const seen = (values: ArrayLike<number>) =>
    [...new Set(Array.from(values))].filter((one) => one >= 0).sort((a, b) => a - b);
  const all =
    count <= COLOURS.length
      ? Array.from({ length: count }, (_, index) => index)
      : [...new Set([...seen(wanted), ...seen(putOut)])];
  const named = all.slice(0, COLOURS.length);
  return {
    named,
    restCount: all.length - named.length,
    of: (index) => COLOURS[named.indexOf(index)] ?? REST,
  };
}
