import { vi } from "vitest";

/** jsdom has no canvas and no sizes: every context takes all calls, and elements measure `width` × `height`. */
export function fakeCanvas(width: number, height: number): void {
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(function (this: HTMLCanvasElement) {
    const quiet = {
      canvas: this,
      measureText: (text: string) => ({ width: text.length * 7 }),
      createImageData: (w: number, h: number) => ({ data: new Uint8ClampedArray(w * h * 4) }),
    };
    return new Proxy(quiet, {
      get: (target, name) => (name in target ? Reflect.get(target, name) : () => ({ addColorStop: () => {} })),
      set: () => true,
    }) as never;
  });
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(width);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(height);
}
