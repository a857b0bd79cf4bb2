/** ipywidgets names neither its sliders' handles nor a choice without a description (8.1): the label before them does. */
export function nameSliders(place: HTMLElement): void {
  for (const control of place.querySelectorAll(".noUi-handle:not([aria-label]), .widget-dropdown > select")) {
    const places = [control.closest(".jupyter-widgets"), control.closest(".widget-hbox")];
    const names = places.map((each) => each?.querySelector(".widget-label")?.textContent);
    const name = names.find((each) => each);
    if (name) control.setAttribute("aria-label", name);
  }
}
