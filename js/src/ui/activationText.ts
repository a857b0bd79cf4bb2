import type { UnitReading } from "./readUnit.ts";

const SHOWN: Readonly<Record<string, string>> = {
  relu: "ReLU",
  elu: "ELU",
  selu: "SELU",
  gelu: "GELU",
  leaky_relu: "leaky ReLU",
};

/** `ReLU`, `tanh`: as the field writes it. */
export function activationName(activation: string | null): string {
  if (activation === null) return "linear";
  return SHOWN[activation] ?? activation.replaceAll("_", " ");
}

/** The left side of the unit's last line: `tanh(z)`, `max(0, z)`. */
export function activationFormula(activation: string | null): string {
  if (activation === null || activation === "linear") return "a = z";
  if (activation === "relu") return "a = max(0, z)";
  if (activation === "sigmoid") return "a = σ(z)";
  return `a = ${activationName(activation)}(z)`;
}

/** da/dz where it is a plain formula of a and z. */
export function slopeOf({ node, activation: a, z }: UnitReading): number | null {
  if (a === null) return null;
  if (node.activation === "tanh") return 1 - a * a;
  if (node.activation === "sigmoid") return a * (1 - a);
  if (node.activation === "relu" && z !== null) return z > 0 ? 1 : 0;
  return null;
}
