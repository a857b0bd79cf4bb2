/** A Jupyter server closes the connection over a message of 10 MiB. */
const MOST_BYTES = 9_000_000;

/** Throws what to tell the person where a picture is too large to be sent. */
export function checkFileSize(size: number): void {
  if (size <= MOST_BYTES) return;
  const megabytes = (size / 1e6).toFixed(1);
  throw new Error(
    `The picture has ${megabytes} MB, and a Jupyter server takes no message over 9. Ask for a smaller scale.`,
  );
}
