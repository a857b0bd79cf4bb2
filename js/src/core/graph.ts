import type { Role } from "./anatomy.ts";

export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isTrainable: boolean;
}

export type Shape = readonly (number | null)[];

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
  readonly parameterCount: number;
  readonly trainableCount: number;
  /** Whether its variables are there, and known. */
  readonly isBuilt: boolean;
  /** What is not known of it, and why. */
  readonly note: string | null;
}
