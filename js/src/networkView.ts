import { createPicture } from "./draw/picture.ts";
import type { Session } from "./session.ts";

/** One view of a session in an element, until the signal aborts. */
export function networkView(session: Session, element: HTMLElement, signal: AbortSignal): void {
  const host = document.createElement("div");
  host.className = "nv";
  host.style.height = "640px";
  element.replaceChildren(host);
  const viewer = session.join(signal);
  createPicture(host, session.store, session.state, signal, (frame) => viewer.drawn(frame));
  viewer.setVisible(true);
}
