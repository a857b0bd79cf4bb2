import { expect, test } from "vitest";
import { findHostModel, passGate } from "../src/stream/hostModel.ts";
import { FakeHost } from "./fakeWidgetModel.ts";

const update = (state: Record<string, unknown>) => ({ content: { data: { method: "update", state } } });

type Message = ReturnType<typeof update>;

/** A host with its connection; a message goes to whoever listens there last, as in JupyterLab and Voilà. */
class ConnectedHost extends FakeHost {
  readonly asked: unknown[] = [];
  hear: (message: Message) => unknown = (message) => this._handle_comm_msg(message);
  readonly comm = {
    on_msg: (listener: (message: unknown) => unknown) => {
      this.hear = listener;
    },
    send: (data: unknown) => void this.asked.push(data),
  };

  async _handle_comm_msg({ content: { data } }: Message): Promise<void> {
    if (data.method === "update") this.set_state(data.state);
  }
}

/** anywidget's: it waits for a promise that fails where the page was busy for two seconds. */
class GatedHost extends ConnectedHost {
  ready: Promise<void> = Promise.resolve();

  override async _handle_comm_msg(message: Message): Promise<void> {
    await this.ready;
    return super._handle_comm_msg(message);
  }
}

test("where anywidget's gate has shut, the kernel is heard past it and asked for what was lost", async () => {
  const host = new GatedHost({ graph: null });
  host.ready = Promise.reject(new Error("[anywidget] Failed to initialize model."));
  await expect(host.hear(update({ graph: 1 }))).rejects.toThrow();
  await passGate(host);
  expect(host.asked).toEqual([{ method: "request_state" }]);
  await host.hear(update({ graph: 2 }));
  expect(host.attributes.graph).toBe(2);
});

test.each([new GatedHost({}), new ConnectedHost({}), new FakeHost({}), null])(
  "an open gate is left alone",
  async (host) => {
    const heard = host instanceof ConnectedHost ? host.hear : null;
    await passGate(host);
    if (!(host instanceof ConnectedHost)) return;
    expect(host.asked).toEqual([]);
    expect(host.hear).toBe(heard);
  },
);

test("the host's own model is found by any trait, and neither told of it nor changed", () => {
  const host = new FakeHost({ title: "Weights" });
  const read: unknown[] = [];
  expect(findHostModel(host.proxy(), "title", "\u0000")).toBe(host);
  host.proxy().on("change:title", (_, value) => read.push(value));
  host.save_changes();
  expect([host.attributes.title, host.sentState, read]).toEqual(["Weights", [{}], []]);
});

test("a model that cannot be written shows no host", () => {
  const { get, on, off } = new FakeHost({ title: "Weights" }).proxy();
  expect(findHostModel({ get, on, off }, "title", "\u0000")).toBeNull();
});
