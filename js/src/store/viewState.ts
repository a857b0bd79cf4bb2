import type { Detail, EdgeQuantity, LayerColor, Learning, MapScale, Selection, UnitQuantity } from "../core/frame.ts";
import { TOP_K } from "../core/limits.ts";

/** Under the pointer or named by the inspector: a layer, a unit, one edge into a unit, or a bundle of edges into it. */
export interface Hover {
  readonly layer: string;
  /** `null` for the layer as a whole, which has no edge. */
  readonly unit: number | null;
  /** Row and column in a map. */
  readonly place?: readonly [number, number];
  /** Index of the input unit, for an edge. */
  readonly source?: number;
  readonly sourceLayer?: string;
  /** Index of the bundle among those into this unit; then `source` is not given. */
  readonly bundle?: number;
  /** Sent rows (inputs or bundles) that are summed in it; 1 unless the picture is simplified. */
  readonly block?: number;
}

/** Choices of the person. Down to `size` they are shared with Python; the rest stays here. */
export interface ViewValues {
  readonly selection: Selection | null;
  /** The playhead; `null` follows the training. */
  readonly step: number | null;
  readonly sample: number;
  readonly edges: EdgeQuantity;
  readonly units: UnitQuantity;
  readonly detail: Detail;
  /** How many connections are drawn where `detail` is `top`. */
  readonly topK: number;
  /** Steps to come back to, increasing. */
  readonly bookmarks: readonly number[];
  /** Points for validation lie over the prediction, beside those for training. */
  readonly validationPoints: boolean;
  /** The prediction shows which of two classes it is, not how likely. */
  readonly discrete: boolean;
  /** Paths of the opened groups. */
  readonly opened: readonly string[];
  /** What colours the layers of a deep network. */
  readonly layerColor: LayerColor;
  /** Whether it is told how the chosen unit learns; also with a text of it, to be copied. */
  readonly learning: Learning;
  /** How large text, points and strokes are: larger for a projector. */
  readonly size: number;
  /** Negative connections are dashed. */
  readonly hasSignPattern: boolean;
  /** Weak connections are drawn stronger. */
  readonly hasStrongEdges: boolean;
  /** The connections of all layers share one colour scale. */
  readonly hasOneScale: boolean;
  /** What shares a colour scale among the maps. */
  readonly mapScale: MapScale;
  /** Each step has as much room on the timeline as any other; else the beginning has more. */
  readonly hasEvenTime: boolean;
  /** Whether a network is shown as rows of levels, or as columns; null for what suits its size. */
  readonly hasLevels: boolean | null;
  readonly hover: Hover | null;
}

export const initialValues: ViewValues = {
  selection: null,
  step: null,
  sample: 0,
  edges: "weight",
  units: "field",
  detail: "bundles",
  topK: TOP_K,
  bookmarks: [],
  validationPoints: true,
  discrete: false,
  opened: [],
  layerColor: "size",
  learning: "closed",
  size: 1,
  hasSignPattern: false,
  hasStrongEdges: false,
  hasOneScale: false,
  mapScale: "layer",
  hasEvenTime: false,
  hasLevels: null,
  hover: null,
};

/** What the rest steps back behind. A layer as a whole is pointed at in passing: it dims nothing. */
export function spotlit({ hover }: ViewValues): Hover | null {
  return hover === null || hover.unit === null ? null : hover;
}

type Key = keyof ViewValues;

export class ViewState {
  #values: ViewValues;
  readonly #listeners = new Set<(changed: ReadonlySet<Key>) => void>();

  constructor(values: Partial<ViewValues> = {}) {
    this.#values = { ...initialValues, ...values };
  }

  get values(): ViewValues {
    return this.#values;
  }

  /** Sets what differs; tells the listeners once, and not at all if nothing differs. */
  set(change: Partial<ViewValues>): void {
    const changed = new Set<Key>();
    for (const key of Object.keys(change) as Key[]) {
      if (JSON.stringify(change[key]) !== JSON.stringify(this.#values[key])) changed.add(key);
    }
    if (changed.size === 0) return;
    this.#values = { ...this.#values, ...change };
    for (const listener of this.#listeners) listener(changed);
  }

  subscribe(listener: (changed: ReadonlySet<Key>) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }
}
