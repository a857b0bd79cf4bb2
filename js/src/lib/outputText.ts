import { formatNumber, formatSigned } from "./numberFormat.ts";

const ZERO_TO_ONE = new Set(["sigmoid", "softmax", "hard_sigmoid"]);

/** Whether an activation gives shares: never negative, and at most one. */
export function isShare(activation: string | null): boolean {
  return ZERO_TO_ONE.has(activation ?? "");
}

/** What a unit puts out: a share has no sign. */
export function outputText(value: number, activation: string | null, decimals: number): string {
  return isShare(activation) ? formatNumber(value, decimals) : formatSigned(value, decimals);
}
