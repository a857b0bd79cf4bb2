const CONTROLS = ".widget-button, .widget-dropdown, .widget-checkbox, .widget-slider, .nnvis-data";

/** Without a kernel what ipywidgets offers does nothing: it is greyed, and the place where it stands says why. */
export function greyControls(place: HTMLElement, reason: string | null): void {
  if (reason === null && !place.hasAttribute("data-nnvis-off")) return;
  const whole = place.closest<HTMLElement>(".nnvis-workshop, .nnvis-dashboard") ?? place;
  for (const each of [whole, place]) each.toggleAttribute("data-nnvis-off", reason !== null);
  place.title = reason ?? "";
  for (const control of whole.querySelectorAll<HTMLElement>(CONTROLS)) control.inert = reason !== null;
}
