type Listener = (...args: unknown[]) => void;

/** The part of what anywidget hands out as `model` that a panel's link needs: it reads and listens, and writes nothing. */
export interface PanelModel {
  get(name: string): unknown;
  /** Only to find the host's own model. */
  set?(name: string, value: unknown): void;
  send(content: unknown, callbacks?: undefined, buffers?: ArrayBuffer[]): void;
  on(event: string, listener: Listener): void;
  off(event: string, listener: Listener): void;
}
