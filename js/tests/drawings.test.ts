import { describe, expect, it } from "vitest";
import { CellDrawing } from "../src/pad/cellDrawing.ts";
import { PointDrawing } from "../src/pad/pointDrawing.ts";

describe("what is drawn on a pad", () => {
  it("goes back over the last strokes, past those that changed nothing", () => {
    const drawing = new PointDrawing(3);
    drawing.begin();
    drawing.add([{ x: 1, y: 9, of: 1 }]);
    for (let i = 0; i < 2; i++) {
      drawing.begin();
      drawing.erase(-1, -1, 0.5);
    }
    expect(drawing.points).toEqual([{ x: 1, y: 3, of: 1 }]);
    drawing.undo();
    expect([drawing.isEmpty, drawing.canUndo]).toEqual([true, false]);
    drawing.undo();
    expect(drawing.isEmpty).toBe(true);
  });

  it("is given back as it was before a stroke of many parts", () => {
    const drawing = new CellDrawing(8, 8);
    drawing.begin();
    drawing.line([0.1, 0.5], [0.9, 0.5], false);
    const first = [...drawing.cells];
    drawing.begin();
    for (const x of [0.2, 0.4, 0.6]) drawing.line([x, 0.1], [x, 0.9], x > 0.3);
    expect([...drawing.cells]).not.toEqual(first);
    drawing.undo();
    expect([...drawing.cells]).toEqual(first);
    drawing.undo();
    expect(drawing.isEmpty).toBe(true);
  });

  it("keeps fifty strokes, and none from before Python drew", () => {
    const drawing = new CellDrawing(2, 2);
    for (let i = 0; i < 60; i++) {
      drawing.begin();
      drawing.flip(0, 0);
    }
    let undone = 0;
    for (; drawing.canUndo; undone++) drawing.undo();
    expect(undone).toBe(50);
    drawing.begin();
    drawing.read(Uint8Array.of(1, 2, 3, 4));
    expect([drawing.canUndo, [...drawing.cells]]).toEqual([false, [1, 2, 3, 4]]);
  });
});
