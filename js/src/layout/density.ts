/** What columns give up so that all of them are in view. */
export interface Density {
  /** Labels beside units, and features' names in full. */
  readonly hasLabels: boolean;
  /** Tiles and cells, not strips in their place. */
  readonly hasTiles: boolean;
  /** The sample and the result are never smaller than is comfortable. */
  readonly hasLargeResult: boolean;
}

/** From everything to the least; the first at which all columns fit is taken. */
export const DENSITIES: readonly Density[] = [
  { hasLabels: true, hasTiles: true, hasLargeResult: true },
  { hasLabels: false, hasTiles: true, hasLargeResult: true },
  { hasLabels: false, hasTiles: false, hasLargeResult: true },
  { hasLabels: false, hasTiles: false, hasLargeResult: false },
];

/** For columns that fit at none: one pans, so what is in view may be large enough. */
export const OVERFULL: Density = { hasLabels: false, hasTiles: false, hasLargeResult: true };
