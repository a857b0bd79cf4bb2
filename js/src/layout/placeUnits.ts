import type { Scenery } from "../core/frame.ts";
import { clamp } from "../lib/numbers.ts";
import { BINS, CAPTION, type ColumnPlan, gridCell, gridColumns, imageSize, tilePitch } from "./planColumn.ts";
import type { Box } from "./scene.ts";

export interface UnitPlaces {
  readonly box: Box;
  readonly unitBoxes: Float32Array;
  readonly unitCount: number;
  readonly portY: Float32Array;
  readonly portSpread: number;
}

export const CARD_HEIGHT = 102;
export const MERGE_HEIGHT = 44;

function stack(x: number, width: number, height: number, pitch: number, count: number, centerY: number): UnitPlaces {
  const unitBoxes = new Float32Array(count * 4);
  const portY = new Float32Array(count);
  const total = (count - 1) * pitch + height;
  const top = centerY - total / 2;
  for (let i = 0; i < count; i++) {
    const y = top + i * pitch;
    unitBoxes.set([x, y, width, height], i * 4);
    portY[i] = y + height / 2;
  }
  const portSpread = Math.max(0, height * 0.7);
  return { box: { x, y: top, width, height: total }, unitBoxes, unitCount: count, portY, portSpread };
}

function single(box: Box, portCount: number): UnitPlaces {
  const portY = new Float32Array(portCount);
  for (let i = 0; i < portCount; i++) portY[i] = box.y + ((i + 0.5) / portCount) * box.height;
  const unitBoxes = new Float32Array([box.x, box.y, box.width, box.height]);
  return { box, unitBoxes, unitCount: 1, portY, portSpread: 0 };
}

/** Puts the units of one column around `centerY`, from `x` on, `width` wide. */
export function placeUnits(
  plan: ColumnPlan,
  scenery: Scenery | null,
  x: number,
  width: number,
  centerY: number,
  areaHeight: number,
): UnitPlaces {
  const count = plan.node.units;
  const centered = (height: number): Box => ({ x, y: centerY - height / 2, width, height });
  switch (plan.kind) {
    case "tiles":
      return stack(x, width, width, tilePitch(plan.node, areaHeight), count, centerY);
    case "cells": {
      const pitch = Math.min(plan.node.kind === "input" ? 40 : 36, areaHeight / count);
      return stack(x, width, Math.min(28, pitch - 4), pitch, count, centerY);
    }
    case "strip": {
      const pitch = clamp(Math.floor(areaHeight / count), 5, 22);
      return stack(x, width, pitch - 1, pitch, count, centerY);
    }
    case "bins": {
      const bins = Math.min(BINS, count);
      const pitch = Math.min(2, Math.max(0.25, (areaHeight - CAPTION) / bins));
      return stack(x, width, pitch, pitch, bins, centerY);
    }
    case "rows": {
      const pitch = Math.min(58, areaHeight / count);
      return stack(x, width, Math.min(32, pitch - 2), pitch, count, centerY);
    }
    case "grid":
      return placeGrid(count, x, centerY, areaHeight);
    case "image": {
      const [rows, columns] = imageSize(plan.node, scenery) ?? [1, 1];
      return single(centered((width * rows) / columns), rows);
    }
    case "prediction":
      return placePrediction({ ...centered(width), y: centerY - width / 2 }, count);
    case "card":
      return single(centered(plan.node.kind === "merge" ? MERGE_HEIGHT : Math.min(CARD_HEIGHT, areaHeight)), 1);
  }
}

function placeGrid(count: number, x: number, centerY: number, areaHeight: number): UnitPlaces {
  const columns = gridColumns(count);
  const cell = gridCell(count, areaHeight);
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
}

function placePrediction(box: Box, units: number): UnitPlaces {
  const portY = new Float32Array(units);
  const pitch = Math.min(44, (box.height * 0.7) / units);
  const middle = box.y + box.height / 2;
  for (let i = 0; i < units; i++) portY[i] = middle + (i - (units - 1) / 2) * pitch;
  const unitBoxes = new Float32Array(units * 4);
  for (let i = 0; i < units; i++) unitBoxes.set([box.x, box.y, box.width, box.height], i * 4);
  return { box, unitBoxes, unitCount: units, portY, portSpread: Math.min(36, pitch * 0.8) };
}
