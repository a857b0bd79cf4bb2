import { say } from "../../lib/say.ts";
import { createButton } from "../kit/button.ts";
import { el, setText, show } from "../kit/dom.ts";

export interface ZoomButtons {
  readonly element: HTMLElement;
  /** 1 shows the whole network; then there is nothing to fit and the buttons are away. */
  set(scale: number): void;
}

/** Shown while the picture is enlarged: by how much, out, in, and back to the whole. */
export function createZoomButtons(zoom: { by(factor: number): void; fit(): void }, signal: AbortSignal): ZoomButtons {
  const share = el("span", { class: "nv-zoom-share" });
  const out = createButton({ label: say("zoomOut"), icon: "minus" }, () => zoom.by(1 / 1.25), signal);
  const into = createButton({ label: say("zoomIn"), icon: "plus" }, () => zoom.by(1.25), signal);
  const fit = createButton({ label: say("fitNetwork"), text: say("fit") }, () => zoom.fit(), signal);
  const element = el(
    "div",
    { class: "nv-zoom", role: "group", "aria-label": say("zoom"), hidden: true },
    share,
    out.element,
    into.element,
    fit.element,
  );
  return {
    element,
    set(scale) {
      show(element, scale > 1);
      setText(share, `${Math.round(scale * 100)}%`);
    },
  };
}
