import type { Scenery } from "../core/frame.ts";
import { placeThumbnails } from "../draw/marks/imageInput.ts";
import { placeOnPlane } from "../draw/marks/points.ts";
import type { Renderer } from "../draw/renderer.ts";
import type { Column, Scene } from "../layout/scene.ts";
import { at } from "../lib/numbers.ts";
import type { FrameStore } from "../store/frameStore.ts";
import type { Hover, ViewState } from "../store/viewState.ts";
import { nearestEdge, nearestPoint, type PlacedPoint, unitAt } from "./pick.ts";

const HOVER_DELAY_MS = 120;

/** Hover after a rest, click to choose a unit or a sample, click on the ground to let go. */
export function attachPointer(renderer: Renderer, store: FrameStore, state: ViewState, signal: AbortSignal): void {
  const element = renderer.planes.scroller;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiting: string | null = null;

  const place = (event: PointerEvent | MouseEvent): readonly [number, number] => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left + element.scrollLeft, event.clientY - box.top];
  };
  const settle = (hover: Hover | null): void => {
    clearTimeout(timer);
    waiting = null;
    state.set({ hover });
  };

  element.addEventListener(
    "pointermove",
    (event) => {
      const { scene } = renderer;
      if (scene === null || event.pointerType === "touch") return;
      const [x, y] = place(event);
      const found = hoverAt(renderer, scene, x, y);
      const isSample = sampleAt(scene, store.scenery, x, y) !== null;
      element.style.cursor = found !== null || isSample ? "pointer" : "";
      const name = JSON.stringify(found);
      if (name === JSON.stringify(state.values.hover)) {
        clearTimeout(timer);
        waiting = null;
      } else if (found === null || state.values.hover !== null) {
        settle(found);
      } else if (name !== waiting) {
        clearTimeout(timer);
        waiting = name;
        timer = setTimeout(() => settle(found), HOVER_DELAY_MS);
      }
    },
    { signal },
  );
  element.addEventListener("pointerleave", () => settle(null), { signal });
  element.addEventListener(
    "click",
    (event) => {
      const { scene } = renderer;
      if (scene === null) return;
      const [x, y] = place(event);
      const sample = sampleAt(scene, store.scenery, x, y);
      if (sample !== null) {
        state.set({ sample });
        return;
      }
      const hover = hoverAt(renderer, scene, x, y);
      const selection = hover === null ? null : { layer: hover.layer, unit: hover.unit };
      renderer.focus = null;
      state.set({ selection });
    },
    { signal },
  );
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

function hoverAt(renderer: Renderer, scene: Scene, x: number, y: number): Hover | null {
  const unit = unitAt(scene, x, y);
  if (unit !== null) {
    return unit.column.kind === "image" ? null : { layer: unit.column.node.id, unit: unit.unit };
  }
  const edge = nearestEdge(renderer.edgeSets, x, y);
  if (edge === null) return null;
  return {
    layer: edge.set.target.node.id,
    unit: edge.unit,
    source: edge.source,
    sourceLayer: edge.set.source.node.id,
  };
}

function sampleAt(scene: Scene, scenery: Scenery | null, x: number, y: number): number | null {
  if (scenery === null) return null;
  for (const column of scene.columns) {
    if (column.kind === "prediction") {
      const sample = nearestPoint(placedPoints(column, scenery), x, y);
      if (sample !== null) return sample;
    }
    if (column.kind !== "image") continue;
    const indices = scenery.sections.find((section) => section.quantity === "thumbnail_index");
    if (indices === undefined) continue;
    for (const { box, sample } of placeThumbnails(column, indices.values, scene.omissionY - 14)) {
      if (x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height) return sample;
    }
  }
  return null;
}

function* placedPoints(column: Column, scenery: Scenery): Iterable<PlacedPoint> {
  const points = scenery.sections.find((section) => section.quantity === "points" && section.name === "train");
  const indices = scenery.sections.find((section) => section.quantity === "point_index" && section.name === "train");
  if (points === undefined || indices === undefined || scenery.extent === null) return;
  for (let i = 0; i < indices.values.length; i++) {
    const [x, y] = placeOnPlane(column.box, scenery.extent, at(points.values, 2 * i), at(points.values, 2 * i + 1));
    yield { x, y, sample: at(indices.values, i) };
  }
}
