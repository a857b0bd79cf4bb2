import type { Renderer } from "../draw/renderer.ts";
import { closedGroup } from "../layout/groupText.ts";
import { columnOfLayer, type Scene } from "../layout/scene.ts";
import { placeIn } from "../lib/pagePx.ts";
import type { FrameStore } from "../store/frameStore.ts";
import { withOpened } from "../store/openGroups.ts";
import type { Hover, ViewState } from "../store/viewState.ts";
import { farEnd } from "./followEdges.ts";
import { headAt, hoverAt } from "./hoverAt.ts";
import { atSameStep } from "./moveAlong.ts";
import { unitAt } from "./pick.ts";
import { sampleAt } from "./sampleAt.ts";
import type { Travel } from "./travel.ts";

/** So long nothing must be under the pointer before the picture lights up again, so that a gap does not blink. */
const LINGER_MS = 100;

/**
 * Hover, click to open a group, to choose a unit, by its head a layer, or a sample, or to follow an edge, click on the ground to let go;
 * double click to have a closer look, on the ground to see all.
 */
export function attachPointer(
  renderer: Renderer,
  store: FrameStore,
  state: ViewState,
  travel: Travel,
  signal: AbortSignal,
): void {
  const element = renderer.planes.scroller;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOpening = false;

  const inView = (event: MouseEvent) => placeIn(element, event.clientX, event.clientY);
  /** The point of the scene under the pointer; null over the heads and the foot of an enlarged one. */
  const place = (event: MouseEvent): readonly [number, number] | null => {
    const [x, y] = inView(event);
    const { camera, band } = renderer;
    return band !== null && (y < band.top || y > band.bottom) ? null : [x + camera.x, y + camera.y];
  };
  const settle = (hover: Hover | null): void => {
    clearTimeout(timer);
    timer = undefined;
    state.set({ hover });
  };
  const onScene = (event: MouseEvent, act: (scene: Scene, x: number, y: number) => void): void => {
    const point = place(event);
    if (renderer.scene !== null && point !== null) act(renderer.scene, ...point);
  };

  element.addEventListener(
    "pointermove",
    (event) => {
      if (event.pointerType === "touch") return;
      const { scene } = renderer;
      const point = place(event);
      const under = scene === null || point === null ? null : hoverAt(renderer, scene, ...point);
      const found = headAt(renderer, ...inView(event)) ?? under;
      const isSample = scene !== null && point !== null && sampleAt(scene, store.scenery, ...point) !== null;
      element.style.cursor = found !== null || isSample ? "pointer" : "";
      if (found !== null) settle(found);
      else if (state.values.hover !== null) timer ??= setTimeout(() => settle(null), LINGER_MS);
    },
    { signal },
  );
  // At once: what is pointed at outside, as a row of the inspector, must not be forgotten a moment later.
  element.addEventListener("pointerleave", () => settle(null), { signal });
  element.addEventListener(
    "click",
    (event) => {
      const head = headAt(renderer, ...inView(event));
      if (head !== null) {
        renderer.focus = null;
        state.set({ selection: { layer: head.layer, unit: null } });
        return;
      }
      onScene(event, (scene, x, y) => {
        const sample = sampleAt(scene, store.scenery, x, y);
        if (sample !== null) {
          state.set({ sample });
          return;
        }
        renderer.focus = null;
        const hover = hoverAt(renderer, scene, x, y);
        const column = hover === null ? undefined : columnOfLayer(scene, hover.layer);
        const group = column === undefined || hover?.unit != null ? null : closedGroup(column.node);
        isOpening = group !== null;
        if (group !== null) state.set({ opened: withOpened(state.values.opened, group.path), hover: null });
        else if (hover === null) state.set({ selection: null });
        else if (hover.sourceLayer === undefined) choose(hover);
        else if (event.detail < 2) follow(hover, scene, x);
      });
    },
    { signal },
  );
  const choose = ({ layer, unit, place: inMap }: Hover): void => {
    const next = { layer, unit, ...(inMap === undefined ? {} : { place: inMap }) };
    state.set({ selection: atSameStep(store.frame, state.values.selection, next) });
  };
  const follow = (edge: Hover, scene: Scene, x: number): void => {
    const target = columnOfLayer(scene, edge.layer);
    const source = columnOfLayer(scene, edge.sourceLayer ?? "");
    if (target === undefined || source === undefined) return;
    const end = farEnd(edge, state.values.selection, x < (source.outX + target.inX) / 2);
    state.set({ selection: end });
    if (travel.isZoomed) travel.reveal(end);
  };
  element.addEventListener(
    "dblclick",
    (event) => {
      if (isOpening) return; // what lies under the pointer now is in the group that the first click has opened
      const head = headAt(renderer, ...inView(event));
      if (head !== null) {
        travel.show(head);
        return;
      }
      onScene(event, (scene, x, y) => {
        if (sampleAt(scene, store.scenery, x, y) !== null) return;
        const found = unitAt(scene, x, y);
        if (found !== null) travel.show({ layer: found.column.node.id, unit: found.unit });
        else if (hoverAt(renderer, scene, x, y) === null) travel.fit();
      });
    },
    { signal },
  );
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}
