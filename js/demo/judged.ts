import type { Scenery, Task, Verdict } from "../src/core/frame.ts";
import { Frame } from "../src/core/frame.ts";
import { className } from "../src/layout/unitNames.ts";
import { noPrediction } from "../src/lib/noPrediction.ts";
import { formatNumber, formatPercent, formatSigned } from "../src/lib/numberFormat.ts";
import { at, indexOfMaximum } from "../src/lib/numbers.ts";
import type { DemoScene } from "./demoScene.ts";

export const CLASSES: Task = { kind: "one_of_several", boundary: 0.5, isShare: true, fromLogits: false, shape: [] };
export const TWO_CLASSES: Task = { ...CLASSES, kind: "one_of_two" };
export const NUMBERS: Task = { ...CLASSES, kind: "numbers", isShare: false };

/** A scene whose frames say what Python would say of their sample. */
export function judged(scene: DemoScene): DemoScene {
  const { graph, scenery } = scene;
  const [output, ...others] = graph?.outputs ?? [];
  if (scenery === null || output === undefined || others.length > 0) return scene;
  return {
    ...scene,
    frame(sample) {
      const frame = scene.frame(sample);
      const values = frame?.section("activation", output)?.values;
      if (frame === null || values === undefined) return frame;
      const { target } = frame.header;
      const isNumber = scenery.task.kind === "numbers";
      const truth = target === null ? "" : isNumber ? `target ${formatNumber(target)}` : className(scenery, target);
      const meaning = isNumber ? "a number" : `one of ${values.length > 1 ? values.length : "two"} classes`;
      const verdict = verdictOf(scenery, values, target);
      const header = { ...frame.header, truth, meaning, verdict };
      return new Frame(header, frame.scalars, frame.hyperparameters, frame.sections, frame.byteLength);
    },
  };
}

function verdictOf(scenery: Scenery, values: ArrayLike<number>, target: number | null): Verdict {
  const said: Verdict = {
    verb: "predicted",
    predicted: "",
    second: "",
    words: "",
    tone: "plain",
    unit: null,
    rights: [],
  };
  const silence = noPrediction(values);
  if (silence !== null) return { ...said, verb: "", words: silence, tone: "bad" };
  const first = at(values, 0);
  if (scenery.task.kind === "numbers") {
    const words = target === null ? "" : `off by ${formatSigned(first - target)}`;
    return { ...said, predicted: formatNumber(first), words };
  }
  const isOne = scenery.task.kind === "one_of_two";
  const guess = isOne ? Number(first > 0.5) : indexOfMaximum(values);
  const share = isOne ? Math.max(first, 1 - first) : at(values, guess);
  const predicted = `${className(scenery, guess)}, ${formatPercent(share)}`;
  const unit = isOne ? 0 : guess;
  if (target === null) return { ...said, predicted, unit };
  if (guess === target) return { ...said, predicted, unit, words: "✓ right", tone: "good" };
  return { ...said, predicted, unit, words: `✗ wrong: it is ${className(scenery, target)}`, tone: "bad" };
}
