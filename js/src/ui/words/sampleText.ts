import type { Frame, Scenery } from "../../core/frame.ts";
import { sectionOfNode } from "../../draw/read/sections.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { className } from "../../layout/unitNames.ts";
import { noPrediction } from "../../lib/noPrediction.ts";
import { formatNumber, formatPercent, formatSigned } from "../../lib/numberFormat.ts";
import { at, indexOfMaximum } from "../../lib/numbers.ts";

export interface Verdict {
  /** `4 four, 75.3%`; empty where there is no prediction. */
  readonly predicted: string;
  /** `✓ true`, `✗ true: 5 five`, `off by −0.20`, `no prediction: NaN`, or empty where the truth is not known. */
  readonly words: string;
  readonly isTrue: boolean | null;
}

/** `#23, 4 four` or `#23, target 1.25`. */
export function sampleName({ header }: Frame, scenery: Scenery | null): string {
  const { sample, target } = header;
  if (target === null) return `#${sample}`;
  return `#${sample}, ${isClasses(scenery) ? className(scenery, target) : `target ${formatNumber(target)}`}`;
}

/** What the network says of the chosen sample, and whether that is so; `null` where its output cannot be read. */
export function readVerdict(nodes: readonly NetworkNode[], frame: Frame, scenery: Scenery | null): Verdict | null {
  const outputs = nodes.filter((node) => node.isOutput);
  const output = outputs[0];
  if (output === undefined || outputs.length !== 1) return null;
  const values = sectionOfNode(frame, output, "activation")?.values;
  if (values === undefined || values.length !== output.units) return null;
  const { target } = frame.header;
  const isShare = output.activation === "softmax" || output.activation === "sigmoid";
  const silence = noPrediction(values);
  if (silence !== null) return { predicted: "", words: silence, isTrue: null };
  if (scenery?.task === "regression" && output.units === 1) {
    const value = at(values, 0);
    const words = target === null ? "" : `off by ${formatSigned(value - target)}`;
    return { predicted: formatNumber(value), words, isTrue: null };
  }
  if (!isClasses(scenery) || (output.units === 1 && !isShare)) return null;
  const first = at(values, 0);
  const best = output.units > 1 ? indexOfMaximum(values) : first > 0.5 ? 1 : 0;
  const share = output.units > 1 ? at(values, best) : Math.max(first, 1 - first);
  const predicted = isShare ? `${className(scenery, best)}, ${formatPercent(share)}` : className(scenery, best);
  if (target === null) return { predicted, words: "", isTrue: null };
  const isTrue = best === target;
  return { predicted, words: isTrue ? "✓ true" : `✗ true: ${className(scenery, target)}`, isTrue };
}

function isClasses(scenery: Scenery | null): boolean {
  return scenery?.task === "classification";
}
