import { KEY_GAP, KEY_ICON, KEY_ITEMS, KEY_TITLE } from "../../layout/placeKey.ts";
import type { Brush } from "./brush.ts";
import { paintGauge } from "./shapes.ts";

/** "Reading a neuron": what the parts of a tile mean. Leaves out what does not fit. */
export function paintKey(brush: Brush): void {
  const { scene, overlay, theme } = brush;
  const { key } = scene;
  if (key === null) return;
  const context = brush.images;
  const top = key.itemsY - 12;
  overlay.text("key title", KEY_TITLE, scene.padding, key.titleY, { look: "bold" });
  const items: readonly [string, (x: number) => void][] = [
    [
      KEY_ITEMS[brush.values.units],
      (left) => {
        const ramp = theme.ramps.value;
        const shade = context.createLinearGradient(left, top, left + 16, top + 8);
        for (let i = 0; i <= 8; i++) shade.addColorStop(i / 8, ramp.at(i / 8));
        context.fillStyle = shade;
        context.fillRect(left, top, 16, 16);
      },
    ],
    [KEY_ITEMS.bar, (left) => paintGauge(brush, left + 5, top, 16, 0.75, theme.ramps.value.signed(0.8))],
    [
      KEY_ITEMS.bias,
      (left) => {
        context.beginPath();
        context.arc(left + 8, top + 8, 5.5, 0, 2 * Math.PI);
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
  let left = key.itemsX;
  for (const [text, paint] of items) {
    const width = KEY_ICON + brush.measure(text);
    if (left + width > scene.width - scene.padding) return;
    paint(left);
    overlay.text(`key ${text}`, text, left + KEY_ICON, key.itemsY, { look: "muted" });
    left += width + KEY_GAP;
  }
}
