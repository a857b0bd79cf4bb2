const SHOWN: ReadonlyMap<string, string> = new Map([
  ["relu", "ReLU"],
  ["relu6", "ReLU6"],
  ["elu", "ELU"],
  ["selu", "SELU"],
  ["gelu", "GELU"],
  ["silu", "SiLU"],
  ["leaky_relu", "leaky ReLU"],
]);

/** `ReLU`, `tanh`, `hard sigmoid`: as the field writes it. */
export function activationName(activation: string | null): string {
  if (activation === null) return "linear";
  return SHOWN.get(activation) ?? activation.replaceAll("_", " ");
}
