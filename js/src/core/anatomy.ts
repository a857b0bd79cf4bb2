// What follows from what a layer is. The twin is nnvis_widget/core/anatomy.py, which sets the role; both are read against
// tests/contract/anatomy.json.

export const ROLES = [
  "input",
  "dense",
  "conv",
  "depthwise",
  "transposed",
  "recurrent",
  "attention",
  "norm",
  "embedding",
  "pool",
  "elementwise",
  "merge",
  "reshape",
  "group",
  "opaque",
] as const;
/** What a layer is, whatever its class is called. */
export type Role = (typeof ROLES)[number];

export interface Anatomy {
  /** Unit i of its flattened output is unit i of its flattened input, whatever became of its value. */
  readonly passesUnits: boolean;
  /** The last axis of its output counts maps where there are axes of space before it. */
  readonly hasMaps: boolean;
}

const UNITS: Anatomy = { passesUnits: false, hasMaps: false };
const SAME_UNITS: Anatomy = { passesUnits: true, hasMaps: false };
const MAPS: Anatomy = { passesUnits: false, hasMaps: true };

export const ANATOMY: Readonly<Record<Role, Anatomy>> = {
  input: UNITS,
  dense: UNITS,
  conv: MAPS,
  depthwise: MAPS,
  transposed: MAPS,
  recurrent: UNITS,
  attention: UNITS,
  norm: SAME_UNITS,
  embedding: UNITS,
  pool: MAPS,
  elementwise: SAME_UNITS,
  merge: UNITS,
  reshape: SAME_UNITS,
  group: UNITS,
  opaque: UNITS,
};

/** Gates of recurrent layers between nothing and all. */
export const LETTING_THROUGH: ReadonlySet<string> = new Set("input forget output update reset".split(" "));

/** Activations whose range begins at zero. */
export const NEVER_NEGATIVE: ReadonlySet<string> = new Set(
  "relu relu6 softmax sigmoid hard_sigmoid softplus exponential".split(" "),
);
