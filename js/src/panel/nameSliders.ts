/** ipywidgets gives the handles of its sliders no name (8.1): they get that of the label before them. */
export function nameSliders(place: HTMLElement): void {
  for (const handle of place.querySelectorAll(".noUi-handle:not([aria-label])")) {
    const own = handle.closest(".jupyter-widgets")?.querySelector(".widget-label");
    const label = own ?? handle.closest(".widget-hbox")?.querySelector(".widget-label");
    if (label?.textContent) handle.setAttribute("aria-label", label.textContent);
  }
}
