import { clamp } from "../../lib/numbers.ts";
import { CAPTION } from "./bins.ts";
import { type ColumnLayout, wish } from "./columnLayout.ts";

const LEAST_CELL = 4;

function columnsOf(units: number): number {
  return units <= 256 ? 8 : units <= 512 ? 16 : 32;
}

function cellOf(units: number, areaHeight: number): number {
  return clamp(Math.floor((areaHeight - CAPTION) / Math.ceil(units / columnsOf(units))), LEAST_CELL, 10);
}

/** Small cells, wrapped. */
export const grid: ColumnLayout = {
  suits: ({ units }) => units <= 1024,
  plan: ({ units }, { areaHeight }) => wish(columnsOf(units) * cellOf(units, areaHeight)),
  place({ units: count }, { x, centerY, areaHeight }) {
    const columns = columnsOf(count);
    const cell = cellOf(count, areaHeight);
    const rows = Math.ceil(count / columns);
    const box = { x, y: centerY - (rows * cell) / 2, width: columns * cell, height: rows * cell };
    const unitBoxes = new Float32Array(count * 4);
    const portY = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      const row = Math.floor(i / columns);
      unitBoxes.set([x + (i % columns) * cell, box.y + row * cell, cell, cell], i * 4);
      portY[i] = box.y + (row + 0.5) * cell;
    }
    return { box, unitBoxes, unitCount: count, portY, portSpread: cell * 0.7 };
  },
};
