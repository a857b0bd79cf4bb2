/** ipywidgets gives the handles of its sliders no name (8.1): they get that of the label before them. */
export function nameSliders(place: HTMLElement): void {
  for (const handle of place.querySelectorAll(".noUi-handle:not([aria-label])")) {
    const places = [handle.closest(".jupyter-widgets"), handle.closest(".widget-hbox")];
    const names = places.map((each) => each?.querySelector(".widget-label")?.textContent);
    const name = names.find((each) => each);
    if (name) handle.setAttribute("aria-label", name);
  }
}
