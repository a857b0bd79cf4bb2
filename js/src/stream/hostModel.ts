/** The part of @jupyter-widgets/base' WidgetModel that its proxy in anywidget leaves out. */
export interface HostModel {
  readonly comm_live?: boolean;
  readonly widget_manager?: { readonly kernel?: unknown };
  readonly comm?: Comm;
  set_state?(state: Record<string, unknown>): void;
  set(name: string, value: unknown): void;
}

interface Comm {
  on_msg(listener: (message: unknown) => unknown): void;
  send(data: unknown, callbacks: object, metadata: object, buffers: readonly ArrayBuffer[]): void;
}

/** A model as anywidget hands it out. */
interface Proxy {
  get(name: string): unknown;
  set?(name: string, value: unknown): void;
  on(event: string, listener: (...args: unknown[]) => void): void;
  off(event: string, listener: (...args: unknown[]) => void): void;
}

type Handler = (this: HostModel, message: unknown) => Promise<unknown>;

/**
 * Finds the host's own model behind anywidget's proxy, which has neither `set_state` nor `comm_live`.
 *
 * A change event carries the model; undoing the change inside the event leaves nothing to be sent, because
 * WidgetModel.set looks at `changedAttributes()` only after the event (@jupyter-widgets/base 6, read 2026-01).
 *
 * @param trait One whose value may be another for the time of an event to which nothing else listens.
 */
export function findHostModel(model: Proxy, trait: string, other: unknown): HostModel | null {
  if (model.set === undefined) return null;
  const before = model.get(trait);
  let found: HostModel | null = null;
  const catchModel = (host: unknown) => {
    if (found !== null || !isHostModel(host)) return;
    found = host;
    host.set(trait, before);
  };
  model.on(`change:${trait}`, catchModel);
  model.set(trait, other);
  model.off(`change:${trait}`, catchModel);
  if (model.get(trait) !== before) model.set(trait, before);
  return found;
}

/**
 * Hears the kernel where anywidget no longer lets its messages through, and asks for what was lost. Call it from
 * `initialize`.
 *
 * anywidget 0.11 holds each message back until `initialize` has run, and where that took over two seconds, on a busy
 * page, it drops them all for ever.
 */
export async function passGate(host: HostModel | null): Promise<void> {
  const handlers = handlersOf(host);
  const [gate] = handlers;
  const behind = handlers.at(-1);
  if (host === null || gate === undefined || behind === undefined || gate === behind) return;
  try {
    await gate.call(host, { content: { data: { method: "nothing" } } });
  } catch {
    host.comm?.on_msg((message) => behind.call(host, message));
    host.comm?.send({ method: "request_state" }, {}, {}, []);
  }
}

/** Whether a model has a kernel, as far as its host tells. */
export function hasKernel(host: HostModel | null): boolean {
  return host?.comm_live !== false;
}

/** The handlers of a model's messages, from its own class to the host's base. */
function handlersOf(host: object | null): Handler[] {
  const found: Handler[] = [];
  for (let level = host; level !== null; level = Object.getPrototypeOf(level)) {
    const handler: unknown = Object.getOwnPropertyDescriptor(level, "_handle_comm_msg")?.value;
    if (typeof handler === "function") found.push(handler as Handler);
  }
  return found;
}

function isHostModel(value: unknown): value is HostModel {
  return typeof value === "object" && value !== null && "set" in value && "set_state" in value;
}
