/** A CSS colour as the page computes it at this place, such as `Canvas` with the system's own colours; `""` off the page. */
export function resolveColor(element: HTMLElement, color: string): string {
  const probe = element.ownerDocument.createElement("i");
  probe.style.cssText = "position:absolute;forced-color-adjust:none";
  probe.style.color = color;
  element.append(probe);
  const resolved = element.isConnected ? getComputedStyle(probe).color : "";
  probe.remove();
  return resolved;
}
