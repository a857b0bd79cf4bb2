import { MOST_LAYERS } from "../core/limits.ts";
import { whenAborted } from "../lib/listen.ts";

/** While a person scrolls on, nothing is told. */
const REST_MS = 150;

/** Which layers views have on their screens: of a large network the kernel measures and sends these only. */
export class ShownLayers<Viewer> {
  readonly #tell: (layers: readonly string[]) => void;
  readonly #byViewer = new Map<Viewer, readonly string[]>();
  #told: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (layers: readonly string[]) => void, signal: AbortSignal) {
    this.#tell = tell;
    whenAborted(signal, () => clearTimeout(this.#timer));
  }

  set(viewer: Viewer, layers: readonly string[]): void {
    this.#byViewer.set(viewer, layers);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tellNew(), REST_MS);
  }

  delete(viewer: Viewer): void {
    this.#byViewer.delete(viewer);
  }

  /** The network is another one. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#byViewer.clear();
    this.#told = null;
  }

  /** The kernel may have forgotten, or never heard. */
  tellAgain(): void {
    this.#told = null;
    this.#tellNew();
  }

  #tellNew(): void {
    const layers = [...new Set([...this.#byViewer.values()].flat())].slice(0, MOST_LAYERS);
    const text = layers.join(" ");
    if (this.#byViewer.size === 0 || text === this.#told) return;
    this.#told = text;
    this.#tell(layers);
  }
}
