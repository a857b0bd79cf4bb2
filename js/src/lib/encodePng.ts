/** The pixels of a canvas as a PNG; where the browser cannot, it rejects with what to tell the person. */
export function encodePng(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob !== null) resolve(blob);
      else {
        const size = `${canvas.width} × ${canvas.height}`;
        reject(new Error(`The browser cannot make a PNG of ${size} pixels. Ask for a smaller scale.`));
      }
    }, "image/png");
  });
}
