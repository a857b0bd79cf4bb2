const LONGEST_MS = 10_000;

/** The part of a kernel's connection (@jupyterlab/services) that is used here. */
interface Connection {
  readonly info: Promise<unknown>;
  clone(): Connection;
  dispose(): void;
}

/**
 * Connects to a widget's kernel a second time, until it has answered there or ten seconds have gone by.
 *
 * JupyterLab, Notebook and Voilà show the kernel at the widget's manager; elsewhere this does nothing.
 */
export function connectOnce(manager: { readonly kernel?: unknown } | undefined): void {
  const kernel = manager?.kernel;
  if (!isConnection(kernel)) return;
  const second = kernel.clone();
  const timer = setTimeout(close, LONGEST_MS);
  function close(): void {
    clearTimeout(timer);
    second.dispose();
  }
  second.info.then(close, close);
}

function isConnection(value: unknown): value is Connection {
  return typeof value === "object" && value !== null && "clone" in value && "dispose" in value && "info" in value;
}
