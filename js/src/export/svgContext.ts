import type { Canvas2d } from "../draw/canvas/canvas2d.ts";
import { escapeXml } from "../lib/escapeXml.ts";

type Style = string | CanvasGradient | CanvasPattern;

class SvgGradient implements CanvasGradient {
  readonly stops: (readonly [offset: number, color: string])[] = [];
  constructor(readonly ends: readonly [number, number, number, number]) {}

  addColorStop(offset: number, color: string): void {
    this.stops.push([offset, color]);
  }
}

class SvgPattern implements CanvasPattern {
  constructor(readonly tile: HTMLCanvasElement) {}

  setTransform(): void {
    throw new Error("Expected a pattern that is not transformed.");
  }
}

interface Looks {
  fillStyle: Style;
  strokeStyle: Style;
  globalAlpha: number;
  lineWidth: number;
  lineCap: CanvasLineCap;
  lineJoin: CanvasLineJoin;
  dash: readonly number[];
  groups: number;
}

const ANCHORS: Readonly<Record<string, string>> = { center: "middle", right: "end", end: "end" };

/** Numbers with two decimals are finer than any screen. */
function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** `rgba()` is not known to every program that reads SVG, so the opacity is told apart. */
function splitColor(color: string): readonly [color: string, opacity: number] {
  const parts = /^rgba\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)[\s,/]+([\d.]+)\s*\)$/.exec(color.trim());
  return parts === null ? [color, 1] : [`rgb(${parts[1]},${parts[2]},${parts[3]})`, Number(parts[4])];
}

/** A 2-d canvas that writes SVG: shapes as paths, text as text, pictures as PNG inside the file. */
export class SvgContext implements Canvas2d {
  fillStyle: Style = "#000";
  strokeStyle: Style = "#000";
  globalAlpha = 1;
  lineWidth = 1;
  lineCap: CanvasLineCap = "butt";
  lineJoin: CanvasLineJoin = "miter";
  imageSmoothingEnabled = true;
  imageSmoothingQuality: ImageSmoothingQuality = "low";
  font = "12px sans-serif";
  textAlign: CanvasTextAlign = "start";
  readonly #name: string;
  readonly #family: string;
  readonly #elements: string[] = [];
  readonly #saved: Looks[] = [];
  #path = "";
  #dash: readonly number[] = [];
  /** Opened by clips and translations, closed when the state is restored. */
  #groups = 0;
  #ids = 0;
  #halo: { readonly text: string; readonly look: string } | null = null;

  /** `name` begins the ids in this part of the file; texts in another than its font family say so. */
  constructor(name: string, family: string) {
    this.#name = name;
    this.#family = family;
  }

  /** Everything drawn so far. */
  toString(): string {
    return this.#elements.join("\n") + "</g>".repeat(this.#groups);
  }

  save(): void {
    const { fillStyle, strokeStyle, globalAlpha, lineWidth, lineCap, lineJoin } = this;
    const looks = { fillStyle, strokeStyle, globalAlpha, lineWidth, lineCap, lineJoin };
    this.#saved.push({ ...looks, dash: this.#dash, groups: this.#groups });
  }

  restore(): void {
    const saved = this.#saved.pop();
    if (saved === undefined) return;
    const { dash, groups, ...looks } = saved;
    Object.assign(this, looks);
    this.#dash = dash;
    for (; this.#groups > groups; this.#groups--) this.#elements.push("</g>");
  }

  beginPath(): void {
    this.#path = "";
  }

  closePath(): void {
    this.#path += "Z";
  }

  moveTo(x: number, y: number): void {
    this.#add("M", x, y);
  }

  lineTo(x: number, y: number): void {
    this.#add("L", x, y);
  }

  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    this.#add("C", x1, y1, x2, y2, x, y);
  }

  arc(x: number, y: number, radius: number, start: number, end: number, isBackward = false): void {
    const turn = isBackward ? -1 : 1;
    const whole = 2 * Math.PI;
    const span = (end - start) * turn >= whole ? whole : ((((end - start) * turn) % whole) + whole) % whole;
    const sweep = isBackward ? 0 : 1;
    const at = (angle: number): readonly [number, number] => [
      x + radius * Math.cos(angle),
      y + radius * Math.sin(angle),
    ];
    this.#add(this.#path === "" ? "M" : "L", ...at(start));
    for (const share of [0.5, 1]) this.#add("A", radius, radius, 0, 0, sweep, ...at(start + turn * share * span));
    if (span === whole) this.#path += "Z";
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#add("M", x, y);
    this.#add("h", width);
    this.#add("v", height);
    this.#add("h", -width);
    this.#path += "Z";
  }

  roundRect(x: number, y: number, width: number, height: number, radii: number | unknown = 0): void {
    const r = Math.max(0, Math.min(typeof radii === "number" ? radii : 0, width / 2, height / 2));
    if (r === 0) {
      this.rect(x, y, width, height);
      return;
    }
    this.#add("M", x + r, y);
    this.#add("h", width - 2 * r);
    this.#add("a", r, r, 0, 0, 1, r, r);
    this.#add("v", height - 2 * r);
    this.#add("a", r, r, 0, 0, 1, -r, r);
    this.#add("h", 2 * r - width);
    this.#add("a", r, r, 0, 0, 1, -r, -r);
    this.#add("v", 2 * r - height);
    this.#add("a", r, r, 0, 0, 1, r, -r);
    this.#path += "Z";
  }

  /** All that follows is cut to the path until the state is restored. */
  clip(): void {
    const id = this.#nextId();
    this.#elements.push(`<clipPath id="${id}"><path d="${this.#path}"/></clipPath>`, `<g clip-path="url(#${id})">`);
    this.#groups++;
  }

  translate(x: number, y: number): void {
    this.#elements.push(`<g transform="translate(${short(x)} ${short(y)})">`);
    this.#groups++;
  }

  fill(): void {
    if (this.#path !== "") this.#elements.push(`<path d="${this.#path}"${this.#look("fill", this.fillStyle)}/>`);
  }

  stroke(): void {
    if (this.#path === "") return;
    this.#elements.push(`<path d="${this.#path}" fill="none"${this.#strokeLook()}/>`);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    if (!Number.isFinite(x + y + width + height)) return;
    const [left, top] = [Math.min(x, x + width), Math.min(y, y + height)];
    const place = `x="${short(left)}" y="${short(top)}" width="${short(Math.abs(width))}" height="${short(Math.abs(height))}"`;
    this.#elements.push(`<rect ${place}${this.#look("fill", this.fillStyle)}/>`);
  }

  setLineDash(segments: Iterable<number>): void {
    this.#dash = [...segments];
  }

  createLinearGradient(x0: number, y0: number, x1: number, y1: number): CanvasGradient {
    return new SvgGradient([x0, y0, x1, y1]);
  }

  createPattern(image: CanvasImageSource): CanvasPattern | null {
    return image instanceof HTMLCanvasElement ? new SvgPattern(image) : null;
  }

  /** As the canvas has it: `(image, x, y, width, height)`, or with the part of the image before these. */
  drawImage(image: CanvasImageSource, ...numbers: number[]): void {
    if (!(image instanceof HTMLCanvasElement)) throw new Error("Expected a canvas to be put into the file.");
    const isPart = numbers.length === 8;
    const [x = 0, y = 0, width = image.width, height = image.height] = isPart ? numbers.slice(4) : numbers;
    const source = isPart ? cut(image, numbers) : image;
    if (source === null || !Number.isFinite(x + y + width + height)) return;
    const look = this.imageSmoothingEnabled ? "" : ' style="image-rendering:pixelated"';
    const alpha = this.globalAlpha < 1 ? ` opacity="${short(this.globalAlpha)}"` : "";
    const place = `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
    const data = source.toDataURL("image/png");
    this.#elements.push(`<image ${place} preserveAspectRatio="none"${alpha}${look} href="${data}"/>`);
  }

  fillText(text: string, x: number, y: number): void {
    const [, weight = "", size = "12", family = ""] = /^(\w+ )?([\d.]+)px (.+)$/.exec(this.font) ?? [];
    const anchor = ANCHORS[this.textAlign];
    const looks = [
      ` x="${short(x)}" y="${short(y)}" font-size="${size}"`,
      family === this.#family ? "" : ` font-family="${escapeXml(family)}"`,
      weight === "" || weight === "400 " ? "" : ` font-weight="${weight.trim()}"`,
      anchor === undefined ? "" : ` text-anchor="${anchor}"`,
      this.#halo?.text === text ? ` paint-order="stroke"${this.#halo.look}` : "",
      this.#look("fill", this.fillStyle),
    ];
    this.#halo = null;
    this.#elements.push(`<text${looks.join("")}>${escapeXml(text)}</text>`);
  }

  /** The halo of the text that is filled next, so that the text stands in the file once. */
  strokeText(text: string, _x?: number, _y?: number): void {
    this.#halo = { text, look: this.#strokeLook() };
  }

  #add(command: string, ...numbers: number[]): void {
    if (!numbers.every(Number.isFinite)) return;
    this.#path += (this.#path === "" && command === "L" ? "M" : command) + numbers.map(short).join(" ");
  }

  #nextId(): string {
    this.#ids++;
    return `${this.#name}-${this.#ids}`;
  }

  #strokeLook(): string {
    const dash = this.#dash.length > 0 ? ` stroke-dasharray="${this.#dash.map(short).join(" ")}"` : "";
    const cap = this.lineCap === "butt" ? "" : ` stroke-linecap="${this.lineCap}"`;
    const join = this.lineJoin === "miter" ? "" : ` stroke-linejoin="${this.lineJoin}"`;
    return `${this.#look("stroke", this.strokeStyle)} stroke-width="${short(this.lineWidth)}"${dash}${cap}${join}`;
  }

  #look(kind: "fill" | "stroke", style: Style): string {
    let [color, opacity] = ["none", this.globalAlpha];
    if (style instanceof SvgGradient) color = `url(#${this.#defineGradient(style)})`;
    else if (style instanceof SvgPattern) color = `url(#${this.#definePattern(style)})`;
    else if (typeof style === "string") {
      const [solid, own] = splitColor(style);
      [color, opacity] = [solid, own * this.globalAlpha];
    }
    return ` ${kind}="${escapeXml(color)}"${opacity < 1 ? ` ${kind}-opacity="${short(opacity)}"` : ""}`;
  }

  #definePattern({ tile }: SvgPattern): string {
    const id = this.#nextId();
    const size = `width="${tile.width}" height="${tile.height}"`;
    const image = `<image ${size} href="${tile.toDataURL("image/png")}"/>`;
    this.#elements.push(`<pattern id="${id}" patternUnits="userSpaceOnUse" ${size}>${image}</pattern>`);
    return id;
  }

  #defineGradient({ ends: [x0, y0, x1, y1], stops }: SvgGradient): string {
    const id = this.#nextId();
    const ends = `x1="${short(x0)}" y1="${short(y0)}" x2="${short(x1)}" y2="${short(y1)}"`;
    const colors = stops.map(([at, color]) => `<stop offset="${at}" stop-color="${escapeXml(color)}"/>`).join("");
    this.#elements.push(`<linearGradient id="${id}" gradientUnits="userSpaceOnUse" ${ends}>${colors}</linearGradient>`);
    return id;
  }
}

/** The part of a canvas that `drawImage` names, as a canvas with as many pixels. */
function cut(image: HTMLCanvasElement, numbers: readonly number[]): HTMLCanvasElement | null {
  const [x = 0, y = 0, width = 1, height = 1] = numbers;
  const part = image.ownerDocument.createElement("canvas");
  part.width = Math.max(1, Math.round(width));
  part.height = Math.max(1, Math.round(height));
  const context = part.getContext("2d");
  context?.drawImage(image, x, y, width, height, 0, 0, part.width, part.height);
  return context === null ? null : part;
}
