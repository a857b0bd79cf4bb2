import { Clock } from "./clock.ts";

export type Numbers = Float32Array | Float64Array | Uint8Array | Int32Array;
export type Attribute = number | string | boolean | null | readonly number[] | readonly string[];

export interface Section {
  readonly quantity: string;
  readonly layer: string;
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Numbers;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export const TRAINING_STATES = ["idle", "running", "paused", "finished", "failed"] as const;
export type TrainingState = (typeof TRAINING_STATES)[number];

export interface Problem {
  readonly title: string;
  readonly text: string;
}

/** Where NaN or infinity came in, and the newest kept step before it. */
export interface FirstBad {
  /** The first tensor seen so, `dense_1/kernel`; the metric where no tensor was. */
  readonly what: string;
  readonly step: number;
  readonly lastGoodStep: number | null;
  /** The last step known to be sound; where it is the step before, `step` is exact. */
  readonly soundStep: number | null;
  /** The loss whose recorded value dates it; `null` where a snapshot of the tensors does. */
  readonly metric: string | null;
  /** Whether that value is NaN, not infinite. */
  readonly isNan: boolean;
}

export const SEVERITIES = ["fault", "warning", "note"] as const;

/** What the doctor has found; see nnvis_widget/core/finding.py. */
export interface Finding {
  readonly rule: string;
  readonly severity: (typeof SEVERITIES)[number];
  /** What is drawn for its place; empty where that is nowhere. */
  readonly layer: string;
  /** The layer itself, which may be within what is drawn; empty where it is about no single one. */
  readonly at: string;
  readonly units: readonly number[];
  readonly sinceStep: number;
  readonly lastStep: number;
  readonly isOver: boolean;
  /** It is a consequence of what stands before it. */
  readonly follows: boolean;
  readonly title: string;
  readonly text: string;
  /** In two or three words. */
  readonly badge: string;
  /** How many more there are for which there was no room, after the last one. */
  readonly left: number;
}

/** What a frame says about its moment; `latest…` is where the training is, the rest is what is shown. */
export interface FrameHeader {
  readonly generation: number;
  readonly state: TrainingState;
  readonly step: number;
  readonly revision: number;
  readonly sample: number;
  /** The index of the true class, or the only number that is to come out. */
  readonly target: number | null;
  /** `one of 10 classes`; empty where there are several outputs. */
  readonly meaning: string;
  /** `4 four`, `target 1.25`, `labels cat, dog`; empty where it is not known. */
  readonly truth: string;
  readonly verdict: Verdict | null;
  /** What the tokens of the sample are called, by input; empty where a number has no name. */
  readonly tokens: Readonly<Record<string, readonly string[]>>;
  readonly latestStep: number;
  /** How many epochs were asked for; `null` for no end. */
  readonly epochs: number | null;
  /** `30 epochs/s`, `as fast as it can`; empty where somebody else takes the steps. */
  readonly pace: string;
  /** Why it ended before its epochs were over: `the best val_loss is 200 epochs old`; else empty. */
  readonly ending: string;
  readonly isFollowing: boolean;
  /** With how many changes the network is drawn that it has not; 0 for the network itself. */
  readonly whatIf: number;
  /** Where the frame holds a part of a large network: layers on the screen that were not recorded; else `null`. */
  readonly unrecorded: readonly string[] | null;
  /** What was done to the training, and the step after which. */
  readonly notes: readonly (readonly [number, string])[];
  readonly keptCount: number;
  readonly seenCount: number;
  readonly optimizer: string | null;
  readonly commands: readonly string[];
  readonly problem: Problem | null;
  readonly firstBad: FirstBad | null;
  /** Of now. */
  readonly findings: readonly Finding[];
  /** As they stood at the step that is shown; `null` where that is now. */
  readonly foundThen: readonly Finding[] | null;
}

/** What the network says of the sample, and whether that is so: in words that are true of its task. */
export interface Verdict {
  /** `predicted`, `output`, `reconstruction`; empty where there is no prediction. */
  readonly verb: string;
  /** `4 four, 75.3%` */
  readonly predicted: string;
  /** `then 9 nine, 5.9%`; empty where there is no other class to name. */
  readonly second: string;
  /** `✓ right`, `✗ wrong: it is 5 five`, `off by −0.20`, `no prediction: NaN`; empty where the truth is not known. */
  readonly words: string;
  readonly tone: "good" | "bad" | "plain";
  /** The output unit that it is said of; `null` where it is said of all. */
  readonly unit: number | null;
  /** Of labels whether each is right. */
  readonly rights: readonly boolean[];
}

export class Frame {
  /** Sections by quantity and layer, in the order of the frame. */
  #index: Map<string, Section[]> | null = null;
  #clock: Clock | null = null;

  constructor(
    readonly header: FrameHeader,
    /** The metrics of the last whole epoch; see draw/read/metricsOf.ts. */
    readonly scalars: ReadonlyMap<string, number>,
    readonly hyperparameters: ReadonlyMap<string, number>,
    readonly sections: readonly Section[],
    readonly byteLength: number,
  ) {}

  /** Which epoch a step belongs to. */
  get clock(): Clock {
    this.#clock ??= new Clock(this.section("clock")?.values ?? new Float64Array());
    return this.#clock;
  }

  section(quantity: string, layer = "", name?: string): Section | undefined {
    this.#index ??= indexed(this.sections);
    const found = this.#index.get(`${quantity} ${layer}`);
    return name === undefined ? found?.[0] : found?.find((section) => section.name === name);
  }
}

function indexed(sections: readonly Section[]): Map<string, Section[]> {
  const index = new Map<string, Section[]>();
  for (const section of sections) {
    const key = `${section.quantity} ${section.layer}`;
    const alike = index.get(key);
    if (alike === undefined) index.set(key, [section]);
    else alike.push(section);
  }
  return index;
}

export const TASK_KINDS = [
  "one_of_several",
  "one_of_two",
  "labels",
  "class_of_each",
  "numbers",
  "picture",
  "reconstruction",
] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** What the outputs mean; the twin of nnvis_widget/core/task.py. */
export interface Task {
  /** `null` where it is not known. */
  readonly kind: TaskKind | null;
  /** A unit says yes above it. */
  readonly boundary: number;
  /** Outputs are probabilities. */
  readonly isShare: boolean;
  /** Outputs are logits: their softmax or sigmoid is a probability. */
  readonly fromLogits: boolean;
  /** Of a picture its rows, columns and channels, of a class of each place how these lie; empty of all else. */
  readonly shape: readonly number[];
}

/** What does not change while a model is trained: names, the plane of the inputs, the data points, thumbnails. */
export interface Scenery {
  readonly generation: number;
  readonly task: Task;
  readonly featureNames: readonly string[];
  readonly classNames: readonly string[];
  readonly imageShape: readonly [number, number] | null;
  /** Steps a second where the inputs are sound. */
  readonly sampleRate: number | null;
  readonly sampleCount: number;
  /** x0, x1, y0, y1 of the input plane of a two-feature model. */
  readonly extent: readonly [number, number, number, number] | null;
  readonly sections: readonly Section[];
}

/** A mixture of what Python wrote for the whole run and what the person chose; see store/viewState.ts. */
export type EdgeQuantity = "weight" | "signal" | "gradient";
export type UnitQuantity = "field" | "activation";
/** What is drawn between layers with more connections than can be drawn one by one. */
export type LayerColor = "size" | "gradient" | "dead" | "change";
/** What is told of how the chosen unit learns: nothing, the numbers, or with them a text to be copied. */
export type Learning = "closed" | "open" | "latex" | "numpy";
export type Detail = "bundles" | "top" | "all";
/** What shares a colour scale: each map alone, the maps of a layer, or all maps of the network. */
export type MapScale = "map" | "layer" | "network";

/** A unit of a layer, or with `null` the layer as a whole. */
export interface Selection {
  readonly layer: string;
  readonly unit: number | null;
  /** Row and column in a map. */
  readonly place?: readonly [number, number];
}

export interface UnitPlace extends Selection {
  readonly unit: number;
}
