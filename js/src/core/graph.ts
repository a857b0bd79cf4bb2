import type { Role } from "./anatomy.ts";

export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isTrainable: boolean;
}

export type Shape = readonly (number | null)[];

/** What a layer moves over a picture, rows first; twin of nnvis_widget/core/window.py. */
export interface Window {
  readonly size: readonly [number, number];
  readonly step: readonly [number, number];
  readonly before: readonly [number, number];
  readonly spread: readonly [number, number];
  readonly isTransposed?: boolean;
}

/** What is known of the scores of an attention layer; twin of nnvis_widget/core/attention.py. */
export interface Attention {
  /** Places that look. */
  readonly queries: number;
  /** Places that are looked at. */
  readonly keys: number;
  readonly heads: number;
  /** How many queries and keys one square of a picture stands for. */
  readonly block: readonly [number, number];
  /** The input of tokens whose places are those that look; null where none is known to be. */
  readonly queryInput?: string | null;
  /** Of those that are looked at. */
  readonly keyInput?: string | null;
}

/** What is drawn of a layer, as somebody has told; twin of nnvis_widget/core/face.py. */
export interface Face {
  readonly kind: (typeof FACES)[number];
  /** Rows, columns and number of its pictures; of what are no pictures 1, 1 and how many there are. */
  readonly shape: readonly [number, number, number];
  /** What it shows; may be empty. */
  readonly title: string;
  /** Whether that is what the layer puts out. */
  readonly isOutput: boolean;
}

export const FACES = ["units", "strip", "maps", "matrix", "text", "card"] as const;

export interface Layer {
  readonly id: string;
  readonly name: string;
  /** The name of its class: to be shown, never to be asked; see `role`. */
  readonly type: string;
  readonly role: Role;
  readonly outputShape: readonly Shape[];
  readonly parameters: readonly Parameter[];
  readonly parameterCount: number;
  /** The activation that it applies, or is. */
  readonly activation: string | null;
  readonly units: number | null;
  readonly note: string | null;
  /** What the layer calls its units; empty where it names none. */
  readonly unitNames: readonly string[];
  /** What it holds, where it is a closed group; else null. */
  readonly group: GroupFacts | null;
  /** Of a layer over pictures, where it is known. */
  readonly window?: Window | null;
  /** Of an input whose numbers are those of tokens. */
  readonly isTokens?: boolean;
  /** Of an input of texts. */
  readonly isText?: boolean;
  /** Of a layer that takes no notice of places where all numbers are this one. */
  readonly maskValue?: number | null;
  /** Of an attention layer, where its size is known. */
  readonly attention?: Attention | null;
  /** Which axis of its output counts maps, where that is not the last of a picture; else null. */
  readonly channels?: "first" | "last" | null;
  /** Of what puts out slices: rows, columns and number of its pictures, rows of slices, and slices in each. */
  readonly grid?: readonly [number, number, number, number, number] | null;
  /** What somebody has told to draw of it. */
  readonly face?: Face | null;
  /** Names of the numbers that somebody has told to measure of it. */
  readonly numbers?: readonly string[];
}

export const GROUP_KINDS = ["model", "layer", "wrapper", "stage", "repeat"] as const;
export type GroupKind = (typeof GROUP_KINDS)[number];

/** What holds other layers: a nested model, a layer made of layers, layers of one name, a repetition. */
export interface GroupFacts {
  readonly path: string;
  readonly kind: GroupKind;
  /** How often it is called; null where that is not known. */
  readonly uses: number | null;
  readonly memberCount: number;
  /** At every depth. */
  readonly layerCount: number;
  /** What is not known of its inside. */
  readonly inside: string | null;
}

/** Layers and groups side by side, and the links between them; of a group its own id stands for what is around it. */
export interface Level {
  readonly members: readonly string[];
  readonly links: readonly Link[];
}

/** A group that is open and in sight. */
export interface OpenGroup extends GroupFacts, Level {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** The group around it; null where that is the network. */
  readonly parent: string | null;
  readonly outputShape: readonly Shape[];
  readonly parameterCount: number;
}

export interface Link {
  readonly source: string;
  readonly target: string;
}

export interface Graph {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly links: readonly Link[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** At every depth, in sight or not. */
  readonly layerCount: number;
  readonly parameterCount: number;
  readonly trainableCount: number;
  /** Whether its variables are there, and known. */
  readonly isBuilt: boolean;
  /** What is not known of it, and why. */
  readonly note: string | null;
  /** The outermost layers and groups. */
  readonly level: Level;
  /** What is open; what holds others comes before them. */
  readonly opened: readonly OpenGroup[];
}
