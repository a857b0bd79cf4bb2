import { say } from "../../lib/say.ts";
import type { ViewState } from "../../store/viewState.ts";
import { SIZES } from "../../stream/protocol.ts";
import type { MenuItem } from "../kit/menu.ts";

/** How large a view, or the dashboard around it, is, to be chosen. */
export function sizeItems(state: ViewState): readonly MenuItem[] {
  return SIZES.map((size) => ({
    id: `size ${size}`,
    text: say("sizeTimes", { size }),
    isChecked: state.values.size === size,
    run: () => state.set({ size }),
  }));
}

/**
 * Everything in a view, or in the dashboard around it, grows as by the zoom of a browser; shell.css and dashboard.css do
 * it. Returns what to call when the view has come into one.
 */
export function followSize(root: HTMLElement, state: ViewState, signal: AbortSignal): () => void {
  const apply = () => {
    const whole = root.closest<HTMLElement>(".nnvis-dashboard") ?? root;
    whole.style.setProperty("--nv-size", String(state.values.size));
  };
  apply();
  state.subscribe((changed) => changed.has("size") && apply(), signal);
  return apply;
}
