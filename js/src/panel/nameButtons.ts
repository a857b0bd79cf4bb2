/** A button of ipywidgets without a description is named by the glyph of its icon (8.1): what it says when pointed at does. */
export function nameButtons(place: HTMLElement): void {
  for (const button of place.querySelectorAll<HTMLElement>(".widget-button[title]")) {
    if (button.textContent === "") button.setAttribute("aria-label", button.title);
  }
}
