// A page's own widget models: what Jupyter would give to the front end, without Jupyter. A model that has joined no
// kernel answers every operation with "done".
(function () {
  const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  const textOf = (buffer) => btoa(new Uint8Array(buffer).reduce((text, one) => text + String.fromCharCode(one), ""));

  function makeStand() {
    const values = {};
    let unsent = {};
    let tell = null;
    const listeners = new Map();
    const emit = (event, ...args) => { for (const listener of [...(listeners.get(event) ?? [])]) listener(...args); };
    const host = {
      comm_live: true,
      set_state(state) { Object.assign(values, state); },
      set(name, value) {
        values[name] = value;
        delete unsent[name];
      },
    };
    const model = {
      get: (name) => values[name],
      set(name, value) {
        if (values[name] === value) return;
        values[name] = value;
        unsent[name] = value;
        emit(`change:${name}`, host);
      },
      save_changes() {
        tell?.({ method: "update", state: unsent, buffer_paths: [] }, []);
        unsent = {};
      },
      send(content, _callbacks, buffers) {
        stand.asked.push(content);
        if (tell !== null) tell({ method: "custom", content }, buffers ?? []);
        else queueMicrotask(() => emit("msg:custom", { v: 1, kind: "answer", id: content.id, ok: true, reason: "" }, []));
      },
      on(event, listener) { listeners.set(event, [...(listeners.get(event) ?? []), listener]); },
      off(event, listener) { listeners.set(event, (listeners.get(event) ?? []).filter((one) => one !== listener)); },
    };

    function hear(data, buffers) {
      if (data.method === "custom") emit("msg:custom", data.content, buffers);
      if (data.method !== "update") return;
      const state = { ...data.state };
      data.buffer_paths.forEach(([name], i) => { state[name] = buffers[i]; });
      const changed = Object.keys(state).filter((name) => JSON.stringify(values[name]) !== JSON.stringify(state[name]));
      Object.assign(values, state);
      for (const name of new Set([...changed, ...data.buffer_paths.map(([name]) => name)])) emit(`change:${name}`, host);
    }

    let held = [];
    let widget = null;
    let life = null;
    let seq = 0;
    const views = new Map();
    const stand = {
      asked: [],
      bytes,
      model,
      listenerCount: () => [...listeners.values()].reduce((sum, list) => sum + list.length, 0),
      /** Resolves when the kernel hears the model; what it says until `open` is heard then. */
      join(url) {
        const socket = new WebSocket(url);
        tell = (data, buffers) => socket.send(JSON.stringify({ data, buffers: buffers.map(textOf) }));
        socket.onmessage = ({ data: text }) => {
          const { data, buffers } = JSON.parse(text);
          if (held === null) hear(data, buffers.map(bytes));
          else held.push([data, buffers.map(bytes)]);
        };
        socket.onclose = () => stand.setKernel(false);
        return new Promise((resolve) => { socket.onopen = resolve; });
      },
      async open(code, state, binary) {
        Object.assign(values, state);
        for (const [name, text] of Object.entries(binary)) values[name] = bytes(text);
        const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
        const module = await import(url);
        URL.revokeObjectURL(url);
        widget = typeof module.default === "function" ? await module.default() : module.default;
        life = new AbortController();
        await widget.initialize({ model, signal: life.signal });
        const early = held;
        held = null;
        for (const [data, buffers] of early) hear(data, buffers);
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
      hear(state) { hear({ method: "update", state, buffer_paths: [] }, []); },
      setKernel(isThere) {
        host.comm_live = isThere;
        emit("comm_live_update");
      },
    };
    return stand;
  }

  globalThis.makeStand = makeStand;
  globalThis.stand = makeStand();
})();
