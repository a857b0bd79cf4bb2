// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { PointDrawing } from "../src/pad/pointDrawing.ts";
import { createPointTable } from "../src/pad/pointTable.ts";

function opened() {
  const drawing = new PointDrawing(3);
  drawing.add([{ x: 0, y: 1, of: 0 }]);
  const stroke = (change: () => void) => {
    change();
    table.update();
  };
  const table = createPointTable(drawing, stroke, new AbortController().signal);
  (table.element as HTMLDetailsElement).open = true;
  table.update();
  const [x, y] = [...table.element.querySelectorAll("input")] as [HTMLInputElement, HTMLInputElement];
  const type = (input: HTMLInputElement, text: string) => {
    input.value = text;
    input.dispatchEvent(new Event("change"));
  };
  return { drawing, table, x, y, type };
}

describe("the table of points", () => {
  it("leaves a number that is being typed while the kernel answers", () => {
    const { table, x, y } = opened();
    x.value = "1";
    table.update();
    expect([x.value, y.value]).toEqual(["1", "1"]);
  });

  it("shows what became of a number, also where that is what stood there before", () => {
    const { drawing, x, type } = opened();
    type(x, "40");
    expect(x.value).toBe("3");
    type(x, "50");
    expect([x.value, drawing.points[0]?.x]).toEqual(["3", 3]);
    type(x, "");
    expect(x.value).toBe("3");
  });
});
