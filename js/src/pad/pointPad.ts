import { placeOnPlane, pointStyle, traceShape } from "../draw/marks/pointShapes.ts";
import { formatCount } from "../lib/numberFormat.ts";
import { say } from "../lib/say.ts";
import type { Theme } from "../theme/theme.ts";
import { el, setAttributes, setText } from "../ui/kit/dom.ts";
import { besideCanvas, createPadFrame, followStroke } from "./padFrame.ts";
import { floatsOf, type PadLink } from "./padModel.ts";
import { createPadTools } from "./padTools.ts";
import { MOST_POINTS, type PointClass, PointDrawing, scatter } from "./pointDrawing.ts";
import { createPointTable } from "./pointTable.ts";

/** As parts of the width of the plane: how far a drag scatters, how far the eraser reaches, and how often a drag drops. */
const SPREAD = 0.035;
const ERASER = 0.05;
const EVERY = 0.02;

type Brush = "0" | "1" | "erase";

/** A plane to put points of two classes on: a click is one point, a drag scatters them; or by the table below. */
export function pointPad(link: PadLink, place: HTMLElement, signal: AbortSignal, random = Math.random): void {
  const extent = link.number("extent") || 1;
  const drawing = new PointDrawing(extent);
  let last: readonly [number, number] | null = null;

  const frame = createPadFrame(say("pointsToDraw"), (...canvas) => paint(drawing, extent, ...canvas), signal);
  const changed = () => {
    frame.invalidate();
    tools.update();
    setText(told, tell(drawing));
    setAttributes(frame.canvas, { "aria-label": say("planeFromTo", { extent, told: tell(drawing) }) });
    table.update();
  };
  const send = () => link.send(drawing.write());
  const tools = createPadTools<Brush>(
    drawing,
    [
      { value: "0", text: `◆ ${say("classBrush", { index: 0 })}`, hint: say("classBrushHint", { index: 0 }) },
      { value: "1", text: `● ${say("classBrush", { index: 1 })}`, hint: say("classBrushHint", { index: 1 }) },
      { value: "erase", text: say("erase"), hint: say("eraseHint") },
    ],
    say("clearPoints"),
    say("noPoint"),
    changed,
    send,
    signal,
  );
  const told = el("p", { role: "status", class: "nv-pad-told" });
  const table = createPointTable(drawing, tools.stroke, signal);

  const dab = (event: PointerEvent, isFirst: boolean) => {
    const [u, v] = frame.shareOf(event);
    const [x, y] = [(2 * u - 1) * extent, (1 - 2 * v) * extent];
    if (tools.brush === "erase") drawing.erase(x, y, ERASER * 2 * extent);
    else {
      const of: PointClass = tools.brush === "1" ? 1 : 0;
      const isFar = last === null || Math.hypot(u - last[0], v - last[1]) >= EVERY;
      if (!isFirst && !isFar) return;
      drawing.add(isFirst ? [{ x, y, of }] : scatter(x, y, of, SPREAD * 2 * extent, random));
    }
    last = [u, v];
    changed();
  };
  followStroke(
    frame.canvas,
    {
      begin(event) {
        drawing.begin();
        last = null;
        dab(event, true);
      },
      move: (event) => dab(event, false),
      end: send,
    },
    signal,
  );
  const read = () => {
    drawing.read(floatsOf(link.bytes()));
    changed();
  };
  link.onDrawing(read);

  frame.element.append(tools.bar, besideCanvas(frame.canvas, told, table.element));
  place.replaceChildren(frame.element);
  read();
}

function tell(drawing: PointDrawing): string {
  const { length: count } = drawing.points;
  if (count === 0) return say("noPointsYet");
  const [zeros, ones] = [formatCount(drawing.count(0)), formatCount(drawing.count(1))];
  const told = say("drawnPoints", { count, zeros, ones });
  return drawing.isFull ? `${told} ${say("noMorePoints", { most: formatCount(MOST_POINTS) })}` : told;
}

function paint(
  { points }: PointDrawing,
  extent: number,
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  theme: Theme,
): void {
  context.fillStyle = theme.colors.sunken;
  context.fillRect(0, 0, width, height);
  context.fillStyle = theme.colors.rule;
  context.fillRect(0, Math.round(height / 2), width, 1);
  context.fillRect(Math.round(width / 2), 0, 1, height);
  const box = { x: 0, y: 0, width, height };
  context.strokeStyle = theme.colors.surface;
  context.lineWidth = 1;
  for (const { x, y, of } of points) {
    const style = pointStyle(theme, of);
    const [left, top] = placeOnPlane(box, [-extent, extent, -extent, extent], x, y);
    traceShape(context, style.shape, left, top, 3.5);
    context.fillStyle = style.colour;
    context.fill();
    context.stroke();
  }
  context.font = `12px ${theme.fontFamily}`;
  context.fillStyle = theme.colors["ink-2"];
  context.textAlign = "right";
  context.fillText(`x₁ = ${extent}`, width - 6, height / 2 - 6);
  context.textAlign = "left";
  context.fillText(`x₂ = ${extent}`, width / 2 + 6, 14);
}
