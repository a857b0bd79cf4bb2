const INHERITED = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
  "image-rendering",
  "visibility",
];
const OWN: readonly (readonly [name: string, initial: string])[] = [
  ["opacity", "1"],
  ["dominant-baseline", "auto"],
];
/** What only style sheets and scripts of the page make use of. */
const OF_THE_PAGE = ["class", "style", "tabindex", "role", "aria-label", "aria-hidden", "cursor", "pointer-events"];

/** A picture of bqplot as it looks now: with its colours written in, and without what cannot be seen. */
export async function copyFigure(figure: SVGSVGElement): Promise<SVGSVGElement> {
  const copy = figure.cloneNode(true) as SVGSVGElement;
  const images: Promise<void>[] = [];
  const dress = (original: Element, twin: Element, around: CSSStyleDeclaration | null) => {
    const style = getComputedStyle(original);
    const isEmpty = twin.localName === "text" && twin.textContent === "";
    if (isEmpty || style.display === "none" || style.opacity === "0") return twin.remove();
    for (const name of OF_THE_PAGE) twin.removeAttribute(name);
    for (const name of INHERITED) {
      const value = style.getPropertyValue(name);
      if (value !== "" && value !== around?.getPropertyValue(name)) twin.setAttribute(name, value);
    }
    for (const [name, initial] of OWN) {
      const value = style.getPropertyValue(name);
      if (value !== "" && value !== initial) twin.setAttribute(name, value);
    }
    if (twin instanceof SVGImageElement) images.push(embed(twin));
    const twins = [...twin.children];
    for (const [index, child] of [...original.children].entries()) {
      const its = twins[index];
      if (its !== undefined) dress(child, its, style);
    }
  };
  dress(figure, copy, null);
  await Promise.all(images);
  return copy;
}

/** Puts the pixels of an image into the picture itself. */
async function embed(element: SVGImageElement): Promise<void> {
  const href = element.getAttribute("href") ?? element.getAttribute("xlink:href") ?? "";
  element.removeAttribute("xlink:href");
  if (href === "") return element.remove();
  element.setAttribute("href", await pixelsOf(href, element.ownerDocument));
}

/** An image of the page as a data URL, pixel by pixel. */
export async function pixelsOf(href: string, page: Document): Promise<string> {
  const image = page.createElement("img");
  image.src = href;
  await image.decode();
  const canvas = page.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  return canvas.toDataURL("image/png");
}
