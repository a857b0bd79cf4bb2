// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { SvgContext } from "../src/export/svgContext.ts";

/** The elements that a drawing becomes, read back by an XML parser. */
function elementsOf(draw: (context: SvgContext) => void): Element {
  const context = new SvgContext("t", "serif");
  draw(context);
  const text = `<svg xmlns="http://www.w3.org/2000/svg">${context}</svg>`;
  const { documentElement } = new DOMParser().parseFromString(text, "image/svg+xml");
  expect(documentElement.nodeName).toBe("svg");
  return documentElement;
}

function numbersOf(path: string | null): number[] {
  return (path ?? "").match(/-?[\d.]+/g)?.map(Number) ?? [];
}

describe("a canvas that writes SVG", () => {
  test("strokes a curve with its width, colour, opacity and dashes", () => {
    const path = elementsOf((context) => {
      context.lineWidth = 2.125;
      context.strokeStyle = "rgba(10, 20, 30, 0.5)";
      context.globalAlpha = 0.5;
      context.setLineDash([7, 3]);
      context.beginPath();
      context.moveTo(1, 2);
      context.bezierCurveTo(3, 4, 5, 6, 7.126, 8);
      context.stroke();
    }).querySelector("path");
    expect(numbersOf(path?.getAttribute("d") ?? "")).toEqual([1, 2, 3, 4, 5, 6, 7.13, 8]);
    expect(path?.getAttribute("fill")).toBe("none");
    expect(path?.getAttribute("stroke")).toBe("rgb(10,20,30)");
    expect(Number(path?.getAttribute("stroke-opacity"))).toBe(0.25);
    expect(path?.getAttribute("stroke-width")).toBe("2.13");
    expect(path?.getAttribute("stroke-dasharray")).toBe("7 3");
  });

  test("a circle ends where it began, half way on the other side", () => {
    const path = elementsOf((context) => {
      context.beginPath();
      context.arc(50, 40, 10, 0, 2 * Math.PI);
      context.fill();
    }).querySelector("path");
    const numbers = numbersOf(path?.getAttribute("d") ?? "");
    expect(numbers.slice(0, 2)).toEqual([60, 40]);
    expect(numbers.slice(-2)).toEqual([60, 40]);
    expect(numbers.slice(7, 9)).toEqual([40, 40]);
  });

  test("cuts to a clip until the state is restored", () => {
    const root = elementsOf((context) => {
      context.save();
      context.beginPath();
      context.rect(0, 0, 4, 4);
      context.clip();
      context.fillStyle = "#123456";
      context.fillRect(0, 0, 9, 9);
      context.restore();
      context.fillRect(1, 1, 1, 1);
    });
    const [inside, outside] = [...root.querySelectorAll("rect")];
    const group = inside?.parentElement;
    expect(group?.getAttribute("clip-path")).toBe(`url(#${root.querySelector("clipPath")?.id})`);
    expect(outside?.parentElement).toBe(root);
    expect(inside?.getAttribute("fill")).toBe("#123456");
    expect(outside?.getAttribute("fill"), "restored").toBe("#000");
  });

  test("text stays text whatever it says, its halo does not repeat it", () => {
    const name = `<script>alert("1")</script> & \u0007\ud800 ö 😀`;
    const root = elementsOf((context) => {
      context.font = "600 13px serif";
      context.textAlign = "center";
      context.strokeText(name, 1, 2);
      context.fillText(name, 1, 2);
    });
    expect(root.querySelector("script")).toBeNull();
    const [text, ...others] = [...root.querySelectorAll("text")];
    expect(others).toEqual([]);
    expect(text?.textContent).toBe(`<script>alert("1")</script> & \ufffd\ufffd ö 😀`);
    expect(text?.getAttribute("font-weight")).toBe("600");
    expect(text?.getAttribute("font-size")).toBe("13");
    expect(text?.getAttribute("text-anchor")).toBe("middle");
    expect(text?.getAttribute("font-family"), "that of the file").toBeNull();
    expect(text?.getAttribute("paint-order")).toBe("stroke");
  });

  test("a gradient is defined where it is used", () => {
    const root = elementsOf((context) => {
      const shade = context.createLinearGradient(0, 0, 96, 0);
      shade.addColorStop(0, "#111111");
      shade.addColorStop(1, "#eeeeee");
      context.fillStyle = shade;
      context.fillRect(0, 0, 96, 10);
    });
    const gradient = root.querySelector("linearGradient");
    expect(root.querySelector("rect")?.getAttribute("fill")).toBe(`url(#${gradient?.id})`);
    expect([...(gradient?.children ?? [])].map((stop) => stop.getAttribute("stop-color"))).toEqual([
      "#111111",
      "#eeeeee",
    ]);
  });

  test("what has no place is left out, as a canvas does", () => {
    const root = elementsOf((context) => {
      context.fillRect(Number.NaN, 0, 1, 1);
      context.beginPath();
      context.moveTo(Number.NaN, 1);
      context.lineTo(3, 4);
      context.stroke();
    });
    expect(root.querySelector("rect")).toBeNull();
    expect(root.querySelector("path")?.getAttribute("d")).toBe("M3 4");
  });
});
