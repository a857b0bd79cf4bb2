import { whenAborted } from "../lib/listen.ts";

const KEPT_MS = 60_000;

/** Hands a file to the person through a link to it. */
export function download(blob: Blob, name: string, signal: AbortSignal): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  const release = () => {
    clearTimeout(timer);
    URL.revokeObjectURL(link.href);
  };
  const timer = setTimeout(release, KEPT_MS);
  whenAborted(signal, release);
}
