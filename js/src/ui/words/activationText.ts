import { activationName } from "../../lib/activationName.ts";
import type { UnitReading } from "./readUnit.ts";

/** How the output is computed: `tanh(z)`, `max(0, z)`. */
export function activationFormula(activation: string | null): string {
  if (activation === null || activation === "linear") return "a";
  if (activation === "relu") return "max(0, z)";
  if (activation === "sigmoid") return "σ(z)";
  return `${activationName(activation)}(z)`;
}

/** da/dz where it is a plain formula of a and z. */
export function slopeOf({ node, activation: a, z }: UnitReading): number | null {
  if (a === null) return null;
  if (node.activation === "tanh") return 1 - a * a;
  if (node.activation === "sigmoid") return a * (1 - a);
  if (node.activation === "relu" && z !== null) return Number.isNaN(z) ? z : Number(z > 0);
  return null;
}
