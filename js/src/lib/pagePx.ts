/** Px of the page that one px of an element takes: 1 unless it is enlarged (CSS `zoom`). */
export function scaleOf(element: Element): number {
  return (element as { readonly currentCSSZoom?: number }).currentCSSZoom ?? 1;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
}

/** Where an element is on the screen, in its own px. */
export function boxOf(element: Element): Box {
  const scale = scaleOf(element);
  const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
  return {
    left: left / scale,
    top: top / scale,
    right: right / scale,
    bottom: bottom / scale,
    width: width / scale,
    height: height / scale,
  };
}

/** Where a place of the page, as events tell it, is in an element: in its own px from its upper left corner. */
export function placeIn(element: Element, clientX: number, clientY: number): readonly [number, number] {
  const [{ left, top }, scale] = [boxOf(element), scaleOf(element)];
  return [clientX / scale - left, clientY / scale - top];
}

/** Device pixels of one px of an element. */
export function pixelRatioOf(element: Element): number {
  return (globalThis.devicePixelRatio || 1) * scaleOf(element);
}
