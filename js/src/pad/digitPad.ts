import { paintPixel } from "../draw/canvas/fieldImages.ts";
import { keyOf, say } from "../lib/say.ts";
import type { Theme } from "../theme/theme.ts";
import { createButton } from "../ui/kit/button.ts";
import { el, setAttributes, setText, show } from "../ui/kit/dom.ts";
import { CellDrawing } from "./cellDrawing.ts";
import { besideCanvas, createPadFrame, followStroke } from "./padFrame.ts";
import { bytesOf, type PadLink } from "./padModel.ts";
import { createPadTools } from "./padTools.ts";

/** A drawing that goes on is sent so often at most, and once more at its end. */
const PAUSE_MS = 40;
const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

type Pen = "pen" | "erase";

/** Paper to draw a picture on, cell by cell as a network sees it; arrows and Space do what the pointer does. */
export function digitPad(link: PadLink, place: HTMLElement, signal: AbortSignal): void {
  const drawing = new CellDrawing(link.number("rows") || 1, link.number("columns") || 1);
  const [paper = "", ink = ""] = link.texts("told_values");
  const cell: [number, number] = [Math.floor(drawing.rows / 2), Math.floor(drawing.columns / 2)];
  let last: readonly [number, number] | null = null;
  let sent_ms = 0;

  const shownCell = () => (canvas.matches(":focus-visible") ? cell : null);
  const frame = createPadFrame(say("pictureToDraw"), (...on) => paint(drawing, shownCell(), ...on), signal);
  const { canvas } = frame;
  setAttributes(canvas, { tabindex: 0, role: "application" });
  canvas.style.aspectRatio = `${drawing.columns} / ${drawing.rows}`;

  const send = () => {
    sent_ms = performance.now();
    link.send(drawing.write());
  };
  const changed = () => {
    frame.invalidate();
    tools.update();
    const isSample = link.flag("is_sample");
    show(turn.element, !drawing.isEmpty);
    const label = say(isSample ? keyOf("backToData") : keyOf("showDrawing"));
    turn.set({ label, text: label });
    const looksAt = isSample ? say("looksAtDrawing", { paper, ink }) : say("looksAtData");
    setText(told, drawing.isEmpty ? say("emptyPicture") : looksAt);
    const [row, column] = cell;
    const hasInk = (drawing.cells[row * drawing.columns + column] ?? 0) > 0;
    const where = { row: row + 1, column: column + 1 };
    const here = say(hasInk ? keyOf("cellOfInk") : keyOf("cellOfPaper"), where);
    setAttributes(canvas, { "aria-label": say("paperKeys", { rows: drawing.rows, columns: drawing.columns, here }) });
  };
  const tools = createPadTools<Pen>(
    drawing,
    [
      { value: "pen", text: say("pen"), hint: say("penHint") },
      { value: "erase", text: say("erase"), hint: say("eraseInkHint") },
    ],
    say("clearPaper"),
    say("paperEmpty"),
    changed,
    send,
    signal,
  );
  const turn = createButton(
    { label: say("backToData"), text: say("backToData") },
    () => link.turn(link.flag("is_sample") ? "data" : "drawing"),
    signal,
  );
  const told = el("p", { role: "status", class: "nv-pad-told" });

  const dab = (event: PointerEvent) => {
    const here = frame.shareOf(event);
    drawing.line(last ?? here, here, tools.brush === "erase");
    last = here;
    changed();
    if (performance.now() - sent_ms >= PAUSE_MS) send();
  };
  followStroke(
    canvas,
    {
      begin(event) {
        drawing.begin();
        last = null;
        dab(event);
      },
      move: dab,
      end: send,
    },
    signal,
  );
  canvas.addEventListener(
    "keydown",
    (event) => {
      const move = MOVES[event.key];
      if (move !== undefined) {
        cell[0] = Math.min(drawing.rows - 1, Math.max(0, cell[0] + move[0]));
        cell[1] = Math.min(drawing.columns - 1, Math.max(0, cell[1] + move[1]));
        changed();
      } else if (event.key === " ") tools.stroke(() => drawing.flip(...cell));
      else return;
      event.preventDefault();
    },
    { signal },
  );
  for (const name of ["focus", "blur"]) canvas.addEventListener(name, frame.invalidate, { signal });

  const read = () => {
    drawing.read(bytesOf(link.bytes()));
    changed();
  };
  link.onDrawing(read);
  link.onTrait("is_sample", changed);
  tools.bar.append(turn.element);
  frame.element.append(tools.bar, besideCanvas(canvas, told));
  place.replaceChildren(frame.element);
  read();
}

function paint(
  { rows, columns, cells }: CellDrawing,
  cell: readonly [number, number] | null,
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  theme: Theme,
): void {
  const picture = new OffscreenCanvas(columns, rows);
  const image = new ImageData(columns, rows);
  cells.forEach((ink, place) => {
    paintPixel(image.data, place, theme.ramps.pixel, ink / 255);
  });
  picture.getContext("2d")?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, 0, 0, width, height);
  if (cell === null) return;
  const [w, h] = [width / columns, height / rows];
  context.lineWidth = 2;
  context.strokeStyle = theme.colors.focus;
  context.strokeRect(cell[1] * w + 1, cell[0] * h + 1, Math.max(2, w - 2), Math.max(2, h - 2));
}
