import { type Key, keyOf, say } from "../../lib/say.ts";

const NAMES: Readonly<Record<string, Key>> = {
  h: keyOf("stateH"),
  c: keyOf("stateC"),
  input: keyOf("gateInput"),
  forget: keyOf("gateForget"),
  cell: keyOf("gateNew"),
  output: keyOf("gateOutput"),
  update: keyOf("gateUpdate"),
  reset: keyOf("gateReset"),
  new: keyOf("gateNew"),
};

/** What a state or a gate of a recurrent layer is called: `state h`, `forget gate`. */
export function seriesName(name: string): string {
  const key = NAMES[name];
  return key === undefined ? name : say(key);
}
