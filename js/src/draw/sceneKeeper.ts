import type { Graph } from "../core/graph.ts";
import { type LayoutInput, placeColumns } from "../layout/placeColumns.ts";
import type { Scene } from "../layout/scene.ts";
import { zoomScene } from "../layout/zoomScene.ts";
import type { Theme } from "../theme/theme.ts";

/** The scene as it is laid out, and as the camera enlarges it; each is made anew only when what it depends on is another. */
export class SceneKeeper {
  base: Scene | null = null;
  scene: Scene | null = null;
  #parts: readonly unknown[] = [];
  #enlarged: readonly [Scene, number] | null = null;

  /** What was laid out last; null before, and after `clear`. */
  get graph(): Graph | null {
    return (this.#parts[0] as Graph | undefined) ?? null;
  }

  /** The size for which it was laid out last. */
  get size(): readonly [number, number] | null {
    return this.#parts.length === 0 ? null : [this.#parts[2] as number, this.#parts[3] as number];
  }

  clear(): void {
    this.base = null;
    this.scene = null;
    this.#parts = [];
  }

  /** `theme` decides which fonts `measure` knows. */
  layOut(input: LayoutInput, theme: Theme): Scene {
    const { graph, scenery, width, height, drawnMaps } = input;
    const parts = [graph, scenery, width, height, theme, [...(drawnMaps ?? [])].join(" ")];
    if (this.base === null || parts.some((part, i) => part !== this.#parts[i])) {
      this.#parts = parts;
      this.base = placeColumns(input);
    }
    return this.base;
  }

  enlarge(base: Scene, scale: number): Scene {
    if (this.scene === null || this.#enlarged?.[0] !== base || this.#enlarged[1] !== scale) {
      this.#enlarged = [base, scale];
      this.scene = zoomScene(base, scale);
    }
    return this.scene;
  }
}
