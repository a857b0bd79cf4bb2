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
}

/** What marks write with. */
export type Labels = Pick<Overlay, "text" | "ring">;

/** The SVG plane: texts and rings by key, kept and updated in place; what is not put again in a turn is removed. */
export class Overlay {
  readonly element: SVGSVGElement;
  readonly #layer: SVGGElement;
  readonly #texts = new Map<string, TextItem>();
  readonly #rings = new Map<string, RingItem>();
  #turn = 0;

  constructor(page: Document) {
    this.element = page.createElementNS(SVG, "svg");
    this.element.setAttribute("aria-hidden", "true");
    this.#layer = page.createElementNS(SVG, "g");
    this.element.append(this.#layer);
  }

  begin(scrollX: number): void {
    this.#turn++;
    const shift = `translate(${-scrollX} 0)`;
    if (this.#layer.getAttribute("transform") !== shift) this.#layer.setAttribute("transform", shift);
  }

  text(key: string, text: string, x: number, y: number, style: TextStyle = {}): void {
    let item = this.#texts.get(key);
    if (item === undefined) {
      const element = this.element.ownerDocument.createElementNS(SVG, "text");
      this.#layer.append(element);
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

  ring(key: string, x: number, y: number, width: number, height: number, radius: number, look: string): void {
    let item = this.#rings.get(key);
    if (item === undefined) {
      const element = this.element.ownerDocument.createElementNS(SVG, "rect");
      this.#layer.append(element);
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
