// @vitest-environment jsdom
import { expect, test } from "vitest";
import { Overlay } from "../src/draw/canvas/overlay.ts";

test("a text that is put again keeps its element; one that is not is removed", () => {
  const overlay = new Overlay(document);
  overlay.begin(0);
  overlay.text("a", "one", 1, 2);
  overlay.text("b", "two", 1, 2);
  overlay.end();
  const [first] = overlay.element.querySelectorAll("text");
  overlay.begin(30);
  overlay.text("a", "uno", 5, 2, { look: "bold", full: "uno, dos" });
  overlay.end();
  const texts = [...overlay.element.querySelectorAll("text")];
  expect(texts).toEqual([first]);
  expect(first?.firstChild?.textContent).toBe("uno");
  expect(first?.querySelector("title")?.textContent).toBe("uno, dos");
  expect(first?.getAttribute("x")).toBe("5.0");
});

test("names are text, never markup", () => {
  const overlay = new Overlay(document);
  overlay.begin(0);
  overlay.text("a", "<img src=x onerror=alert(1)>", 0, 0);
  overlay.end();
  expect(overlay.element.querySelector("img, image")).toBeNull();
  expect(overlay.element.textContent).toContain("<img");
});
