import type { Brush } from "../brush.ts";
import { paintGauge } from "./shapes.ts";

/** "Reading a neuron": what the parts of a tile mean. Leaves out what does not fit. */
export function paintKey(brush: Brush): void {
  const { scene, overlay, theme } = brush;
  if (scene.keyY === null) return;
  const context = brush.images;
  const x = scene.padding;
  const y = scene.keyY + 14;
  overlay.text("key title", "Reading a neuron", x, scene.keyY, { look: "bold" });
  const isField = brush.values.units === "field";
  const items: readonly [string, (x: number) => void][] = [
    [
      isField ? "Tile: its output over the input plane" : "Tile: its output for the ringed sample",
      (left) => {
        const ramp = theme.ramps.value;
        const shade = context.createLinearGradient(left, y, left + 16, y + 8);
        for (let i = 0; i <= 8; i++) shade.addColorStop(i / 8, ramp.at(i / 8));
        context.fillStyle = shade;
        context.fillRect(left, y, 16, 16);
      },
    ],
    [
      "Bar: output for the ringed sample",
      (left) => paintGauge(brush, left + 5, y, 16, 0.75, theme.ramps.value.signed(0.8)),
    ],
    [
      "Dot: bias",
      (left) => {
        context.beginPath();
        context.arc(left + 8, y + 8, 5.5, 0, 2 * Math.PI);
        context.fillStyle = theme.ramps.value.signed(0.6);
        context.fill();
        context.globalAlpha = 0.7;
        context.lineWidth = 1.2;
        context.strokeStyle = theme.colors.ink;
        context.stroke();
        context.globalAlpha = 1;
      },
    ],
  ];
  let left = x;
  for (const [text, paint] of items) {
    const width = 24 + brush.measure(text);
    if (left + width > scene.width - scene.padding) return;
    paint(left);
    overlay.text(`key ${text}`, text, left + 24, y + 12, { look: "muted" });
    left += width + 32;
  }
}
