import { whenAborted } from "../lib/listen.ts";
import type { PanelModel } from "./panelModel.ts";

/** Runs at every change of a trait until the signal aborts. */
export function listenTo(model: PanelModel, trait: string, listener: () => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  const event = `change:${trait}`;
  const run = () => listener();
  model.on(event, run);
  whenAborted(signal, () => model.off(event, run));
}

export function readText(model: PanelModel, trait: string): string {
  const value = model.get(trait);
  return typeof value === "string" ? value : "";
}

export function readCount(model: PanelModel, trait: string): number {
  const value = model.get(trait);
  return typeof value === "number" && Number.isSafeInteger(value) ? value : 0;
}
