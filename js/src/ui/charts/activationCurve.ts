/** A stretch of z where the output hardly changes; either end may be infinite. */
export type Zone = readonly [number, number];

export interface ActivationCurve {
  readonly output: (z: number) => number;
  readonly flatZones: readonly Zone[];
  /** The zones in words: `|z| > 2`. */
  readonly flatText: string;
  /** z is shown at least from −reach to +reach. */
  readonly reach: number;
}

const NEVER: readonly Zone[] = [];
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const beyond = (edge: number): readonly Zone[] => [
  [Number.NEGATIVE_INFINITY, -edge],
  [edge, Number.POSITIVE_INFINITY],
];
const below: readonly Zone[] = [[Number.NEGATIVE_INFINITY, 0]];

/** Constants of Klambauer et al. 2017, as in keras.activations.selu. */
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;
const LEAKY_SLOPE = 0.2;

const CURVES: ReadonlyMap<string, ActivationCurve> = new Map(
  (
    [
      ["linear", (z) => z],
      ["relu", (z) => Math.max(0, z), below, "z < 0"],
      ["relu6", (z) => Math.min(6, Math.max(0, z)), [...below, [6, Number.POSITIVE_INFINITY]], "z < 0, z > 6", 8],
      ["selu", (z) => SELU_SCALE * (z > 0 ? z : SELU_ALPHA * Math.expm1(z))],
      ["gelu", (z) => 0.5 * z * (1 + errorFunction(z / Math.SQRT2))],
      ["silu", (z) => z * sigmoid(z)],
      ["swish", (z) => z * sigmoid(z)],
      ["tanh", Math.tanh, beyond(2), "|z| > 2"],
      ["sigmoid", sigmoid, beyond(4), "|z| > 4", 8],
      ["hard_sigmoid", (z) => Math.min(1, Math.max(0, z / 6 + 0.5)), beyond(3), "|z| > 3"],
      ["softplus", (z) => Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z)))],
      ["softsign", (z) => z / (1 + Math.abs(z))],
      ["exponential", Math.exp],
    ] as readonly (readonly [string, (z: number) => number, (readonly Zone[])?, string?, number?])[]
  ).map(([name, output, flatZones = NEVER, flatText = "", reach = 4]) => [
    name,
    { output, flatZones, flatText, reach },
  ]),
);

/**
 * The output of an activation over z, as keras.activations defines it; `null` where one z alone does not decide it.
 *
 * `z` and `a` of the sample give the slope of a leaky ReLU and the depth of an ELU, which the graph does not tell.
 */
export function activationCurve(name: string | null, z: number | null, a: number | null): ActivationCurve | null {
  const isBelow = z !== null && a !== null && z < 0 && Number.isFinite(a);
  if (name === "leaky_relu") {
    const slope = isBelow ? a / z : LEAKY_SLOPE;
    return { output: (at) => (at > 0 ? at : slope * at), flatZones: NEVER, flatText: "", reach: 4 };
  }
  if (name === "elu") {
    const depth = isBelow ? a / Math.expm1(z) : 1;
    return { output: (at) => (at > 0 ? at : depth * Math.expm1(at)), flatZones: NEVER, flatText: "", reach: 4 };
  }
  return CURVES.get(name ?? "linear") ?? null;
}

/** Abramowitz and Stegun 7.1.26; off by at most 1.5e-7. */
function errorFunction(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}
