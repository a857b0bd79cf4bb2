import type { Frame } from "../../core/frame.ts";
import { sectionOfNode } from "../../draw/read/sections.ts";
import { isBeside, type NetworkNode } from "../../layout/readNodes.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import { type Key, keyOf, say } from "../../lib/say.ts";

/** A tensor of which the frame has every value. */
export interface WholeTensor {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

export interface LayerTensors {
  /** What comes out of the layer for the sample; `null` where it was not measured, or something else is drawn. */
  readonly output: ArrayLike<number> | null;
  readonly parameters: readonly WholeTensor[];
  /** Says of each parameter that came in part or not at all that it did; empty where all are whole. */
  readonly omission: string;
}

/** What a frame knows of the numbers of a layer. */
export function readLayerTensors(frame: Frame, node: NetworkNode): LayerTensors {
  const parameters: WholeTensor[] = [];
  const omissions: string[] = [];
  for (const layer of node.layers) {
    for (const { name, shape } of layer.parameters) {
      const count = shape.reduce((product, size) => product * size, 1);
      const values = frame.section("weight", layer.id, name)?.values;
      if (values !== undefined && values.length === count) parameters.push({ name: safeText(name), values });
      else omissions.push(say(whatCame(frame, layer.id, name), { name: safeText(name), values: formatCount(count) }));
    }
  }
  const output = isBeside(node) ? null : (sectionOfNode(frame, node, "activation")?.values ?? null);
  return {
    output,
    parameters,
    omission: omissions.length === 0 ? "" : say("sentence", { text: omissions.join(say("semicolon")) }),
  };
}

function whatCame(frame: Frame, layer: string, name: string): Key {
  if (name !== "kernel") return keyOf("noneCame");
  if (frame.section("top", layer) !== undefined) return keyOf("onlyStrongestCame");
  return frame.section("bundle", layer) === undefined ? keyOf("noneCame") : keyOf("onlySumsCame");
}
