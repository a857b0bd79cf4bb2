// A page's own widget model: what Jupyter would give to the front end, without Jupyter. Answers every operation with "done".
(function () {
  const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  const values = {};
  const listeners = new Map();
  const host = { comm_live: true, set_state(state) { Object.assign(values, state); }, set(name, value) { values[name] = value; } };
  const emit = (event, ...args) => { for (const listener of [...(listeners.get(event) ?? [])]) listener(...args); };
  const model = {
    get: (name) => values[name],
    set(name, value) {
      if (values[name] === value) return;
      values[name] = value;
      emit(`change:${name}`, host);
    },
    save_changes() {},
    send(content) {
      stand.asked.push(content);
      queueMicrotask(() => emit("msg:custom", { v: 1, kind: "answer", id: content.id, ok: true, reason: "" }, []));
    },
    on(event, listener) { listeners.set(event, [...(listeners.get(event) ?? []), listener]); },
    off(event, listener) { listeners.set(event, (listeners.get(event) ?? []).filter((one) => one !== listener)); },
  };
  let widget = null;
  let life = null;
  let seq = 0;
  const views = new Map();
  const stand = {
    asked: [],
    bytes,
    model,
    listenerCount: () => [...listeners.values()].reduce((sum, list) => sum + list.length, 0),
    async open(code, state, binary) {
      Object.assign(values, state);
      for (const [name, text] of Object.entries(binary)) values[name] = bytes(text);
      const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
      const module = await import(url);
      URL.revokeObjectURL(url);
      widget = typeof module.default === "function" ? await module.default() : module.default;
      life = new AbortController();
      await widget.initialize({ model, signal: life.signal });
    },
    async mount(element) {
      const view = new AbortController();
      views.set(element, view);
      await widget.render({ model, el: element, signal: view.signal });
    },
    unmount(element) {
      views.get(element)?.abort();
      views.delete(element);
      element.replaceChildren();
    },
    close() { life.abort(); },
    push(frame) {
      seq += 1;
      emit("msg:custom", { v: 1, kind: "frame", seq }, [frame]);
      return seq;
    },
    setKernel(isThere) {
      host.comm_live = isThere;
      emit("comm_live_update");
    },
  };
  globalThis.stand = stand;
})();
