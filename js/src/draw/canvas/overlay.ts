const SVG = "http://www.w3.org/2000/svg";

interface TextItem {
  readonly element: SVGTextElement;
  text: string;
  place: string;
  style: string;
  title: string;
  turn: number;
}

interface RingItem {
  readonly element: SVGRectElement;
  place: string;
  turn: number;
}

export interface TextStyle {
  readonly anchor?: "start" | "middle" | "end";
  /** Class names of picture.css: `muted`, `bold`, `head`, `title`, `mono`, `ok`, `err`. */
  readonly look?: string;
  /** The full text, where `text` was shortened. */
  readonly full?: string;
  /** Stays at its height when the scene is panned: `y` is counted from the top of the view. */
  readonly isPinned?: boolean;
}

/** The heights of the view between which the enlarged scene shows. */
export interface Band {
  readonly top: number;
  readonly bottom: number;
}

/** What marks write with. */
export type Labels = Pick<Overlay, "text" | "ring">;

/**
 * The SVG plane: texts and rings by key, kept and updated in place; what is not put again in a turn is removed. What is
 * pinned lies over the rest and is not cut by the band.
 */
export class Overlay {
  readonly element: SVGSVGElement;
  readonly #window: SVGSVGElement;
  readonly #layer: SVGGElement;
  readonly #pinned: SVGGElement;
  readonly #texts = new Map<string, TextItem>();
  readonly #rings = new Map<string, RingItem>();
  #turn = 0;

  constructor(page: Document) {
    this.element = page.createElementNS(SVG, "svg");
    this.element.setAttribute("aria-hidden", "true");
    this.#window = page.createElementNS(SVG, "svg");
    this.#layer = page.createElementNS(SVG, "g");
    this.#pinned = page.createElementNS(SVG, "g");
    this.#window.append(this.#layer);
    this.element.append(this.#window, this.#pinned);
  }

  begin(scrollX: number, scrollY = 0, band: Band | null = null): void {
    this.#turn++;
    const top = band?.top ?? 0;
    setDiffering(this.#window, "y", String(top));
    setDiffering(this.#window, "height", band === null ? "100%" : String(Math.max(0, band.bottom - top)));
    setDiffering(this.#layer, "transform", `translate(${-scrollX} ${-scrollY - top})`);
    setDiffering(this.#pinned, "transform", `translate(${-scrollX} 0)`);
  }

  text(name: string, text: string, x: number, y: number, style: TextStyle = {}): void {
    const key = style.isPinned === true ? `pinned ${name}` : name;
    let item = this.#texts.get(key);
    if (item === undefined) {
      const element = this.element.ownerDocument.createElementNS(SVG, "text");
      (style.isPinned === true ? this.#pinned : this.#layer).append(element);
      item = { element, text: "", place: "", style: "", title: "", turn: 0 };
      this.#texts.set(key, item);
    }
    item.turn = this.#turn;
    const title = style.full !== undefined && style.full !== text ? style.full : "";
    if (item.text !== text || item.title !== title) {
      item.element.textContent = text;
      if (title !== "") {
        const node = this.element.ownerDocument.createElementNS(SVG, "title");
        node.textContent = title;
        item.element.append(node);
      }
      item.text = text;
      item.title = title;
    }
    const place = `${x.toFixed(1)} ${y.toFixed(1)}`;
    if (item.place !== place) {
      item.element.setAttribute("x", x.toFixed(1));
      item.element.setAttribute("y", y.toFixed(1));
      item.place = place;
    }
    const looks = `${style.anchor ?? "start"} ${style.look ?? ""}`;
    if (item.style !== looks) {
      item.element.setAttribute("text-anchor", style.anchor ?? "start");
      item.element.setAttribute("class", style.look ?? "");
      item.style = looks;
    }
  }

  ring(
    name: string,
    x: number,
    y: number,
    width: number,
    height: number,
    radius: number,
    look: string,
    isPinned = false,
  ): void {
    const key = isPinned ? `pinned ${name}` : name;
    let item = this.#rings.get(key);
    if (item === undefined) {
      const element = this.element.ownerDocument.createElementNS(SVG, "rect");
      (isPinned ? this.#pinned : this.#layer).append(element);
      item = { element, place: "", turn: 0 };
      this.#rings.set(key, item);
    }
    item.turn = this.#turn;
    const place = `${x} ${y} ${width} ${height} ${radius} ${look}`;
    if (item.place === place) return;
    item.place = place;
    const set = (name: string, value: number | string): void => item.element.setAttribute(name, String(value));
    set("x", x);
    set("y", y);
    set("width", Math.max(0, width));
    set("height", Math.max(0, height));
    set("rx", radius);
    set("class", look);
  }

  end(): void {
    for (const items of [this.#texts, this.#rings]) {
      for (const [key, item] of items) {
        if (item.turn === this.#turn) continue;
        item.element.remove();
        items.delete(key);
      }
    }
  }
}

function setDiffering(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
