type Listener = (...args: unknown[]) => void;

/** The part of what anywidget hands out as `model` that a panel's link needs: it reads and listens, and writes nothing. */
export interface PanelModel {
  get(name: string): unknown;
  send(content: unknown, callbacks?: undefined, buffers?: ArrayBuffer[]): void;
  on(event: string, listener: Listener): void;
  off(event: string, listener: Listener): void;
}
