import { say } from "../../lib/say.ts";
import type { ViewState } from "../../store/viewState.ts";
import { SIZES } from "../../stream/protocol.ts";
import type { MenuItem } from "../kit/menu.ts";

/** How large a view is, to be chosen; not of one within a dashboard, whose panels would stay as they are. */
export function sizeItems(root: HTMLElement, state: ViewState): readonly MenuItem[] {
  if (root.closest(".nnvis-dashboard") !== null) return [];
  return SIZES.map((size) => ({
    id: `size ${size}`,
    text: say("sizeTimes", { size }),
    isChecked: state.values.size === size,
    run: () => state.set({ size }),
  }));
}

/** Everything in a view grows, as by the zoom of a browser; shell.css does it. */
export function followSize(root: HTMLElement, state: ViewState, signal: AbortSignal): void {
  const apply = () => root.style.setProperty("--nv-size", String(state.values.size));
  apply();
  state.subscribe((changed) => changed.has("size") && apply(), signal);
}
