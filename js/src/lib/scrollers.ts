/** The elements around one whose content is higher than they are, the nearest first. */
export function scrollersAround(element: Element): HTMLElement[] {
  const found: HTMLElement[] = [];
  for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) {
    if (parent === document.body || parent === document.documentElement) break;
    const isCut = parent.scrollHeight > parent.clientHeight + 1;
    if (isCut && getComputedStyle(parent).overflowY !== "visible") found.push(parent);
  }
  return found;
}
