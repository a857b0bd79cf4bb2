"""What the page hears, says and keeps; noticed without a browser."""

from __future__ import annotations

from ..planting import Break

SESSION = "js/tests/session.test.ts"
PANEL = "js/tests/panelLink.test.ts"
CHANNEL = "js/tests/anywidgetChannel.test.ts"

FRONT_END = (
    Break(
        "layers out of view are counted",
        "js/src/layout/sight.ts",
        "if (box.x + box.width > to) right += node.layers.length;",
        "if (box.x > to) right += node.layers.length;",
        ("js/tests/wholeNetwork.test.ts::of a strip of twelve cards",),
    ),
    Break(
        "tiles become strips before anything is out of view",
        "js/src/layout/kinds/tiles.ts",
        "density.hasTiles && ",
        "",
        (
            "js/tests/wholeNetwork.test.ts"
            "::columns first move together, then tiles become strips, and last the result shrinks",
        ),
    ),
    Break(
        "a buffer is read at its own offset",
        "js/src/stream/decodeFrame.ts",
        "return { buffer: bytes.buffer, offset: bytes.byteOffset, length: bytes.byteLength };",
        "return { buffer: bytes.buffer, offset: 0, length: bytes.byteLength };",
        ("js/tests/decodeFrame.test.ts::reads in place at the aligned offset",),
    ),
    Break(
        "a frame that is cut short is refused",
        "js/src/stream/decodeFrame.ts",
        "if (from + count * NumbersOf.BYTES_PER_ELEMENT > bytes.length)",
        "if (from > bytes.length)",
        ("js/tests/decodeFrame.test.ts::refuses a table that points outside, or an unknown element type",),
    ),
    Break(
        "a frame that was lost on its way is asked for anew",
        "js/src/session/flow.ts",
        "if (seq > this.#lastSeq && this.isVisible) this.hello();",
        "this.#lastSeq = Math.max(seq, this.#lastSeq);",
        (f"{SESSION}::a heartbeat that names a frame which never came has the kernel asked anew",),
    ),
    Break(
        "a hidden view acknowledges nothing",
        "js/src/session/flow.ts",
        "if (this.#visible.has(viewer) && this.#host.isShown(frame)) this.acknowledge();",
        "if (this.#host.isShown(frame)) this.acknowledge();",
        (f"{SESSION}::hidden views acknowledge nothing, and coming back says hello",),
    ),
    Break(
        "a removed view hides itself",
        "js/src/session/flow.ts",
        "      if (this.#visible.has(viewer)) this.#setVisible(viewer, false);\n    });",
        "    });",
        (f"{SESSION}::a removed view hides itself; the other view of the model keeps the frames coming",),
    ),
    Break(
        "a frame of an older model is not shown",
        "js/src/session/session.ts",
        "if (frame.header.generation !== this.#generation || this.store.graph === null) {",
        "if (frame.header.generation > this.#generation || this.store.graph === null) {",
        (f"{SESSION}::a frame of a newer model waits for its graph; one of an older model is dropped",),
    ),
    Break(
        "after a reset nothing of the former run is shown",
        "js/src/session/session.ts",
        "    if (wasReset) this.#cache.clear();\n",
        "",
        (f"{SESSION}::after a reset nothing of the former run is shown",),
    ),
    Break(
        "a live frame pulls no picture out of the past",
        "js/src/session/session.ts",
        "    else if (this.#seek.isBusy) {",
        "    else if (wasReset && this.#seek.isBusy) {",
        (f"{SESSION}::a live frame that was under way does not pull the picture out of the past",),
    ),
    Break(
        "a training that falls silent is noticed",
        "js/src/stream/liveness.ts",
        "return !(isTraining && now_ms - this.#heardAt_ms >= QUIET_BEFORE_UNREACHABLE_MS);",
        "return isTraining || this.#heardAt_ms <= now_ms;",
        (f"{SESSION}::a running training that falls silent is noticed within seven seconds, without a click",),
    ),
    Break(
        "a kernel that answers nothing is told as not reachable",
        "js/src/stream/liveness.ts",
        "    this.#askedAt_ms ??= now_ms;\n",
        "    this.#askedAt_ms = null;\n",
        (f"{SESSION}::the kernel is unreachable after six seconds without an answer, and comes back by itself",),
    ),
    Break(
        "an answer settles its own request",
        "js/src/stream/requests.ts",
        "const pending = this.#pending.get(id);",
        "const pending = [...this.#pending.values()][0];",
        (f"{CHANNEL}::an answer settles its own request, done or refused",),
    ),
    Break(
        "a request without an answer fails",
        "js/src/stream/requests.ts",
        "        reject(new NoAnswerError(op));\n",
        "",
        (f"{CHANNEL}::a request without an answer fails after six seconds and not before",),
    ),
    Break(
        "a kernel that left a request unread is woken",
        "js/src/stream/waker.ts",
        "      this.#wake();\n",
        "",
        (f"{CHANNEL}::while an answer is overdue, the kernel is woken by more connections, at growing intervals",),
    ),
    Break(
        "nothing listens when the model is gone",
        "js/src/stream/anywidgetChannel.ts",
        "    whenAborted(signal, () => this.#model.off(event, listener));\n",
        "",
        (f"{CHANNEL}::nothing listens after the signal aborts",),
    ),
    Break(
        "a page writes back nothing that it was only told",
        "js/src/stream/anywidgetChannel.ts",
        "if (value === undefined || JSON.stringify(value) === JSON.stringify(this.readShared(name))) continue;",
        "if (value === undefined) continue;",
        (f"{CHANNEL}::shares only what differs",),
    ),
    Break(
        "a frame kept for the notebook is never sent",
        "js/src/stream/anywidgetChannel.ts",
        "this.#host?.set_state?.({ frame: bytes });",
        'this.#model.set("frame", bytes);\n    this.#model.save_changes();',
        (f"{CHANNEL}::keeps a frame for the saved notebook and never sends it",),
    ),
    Break(
        "on a busy page the kernel is heard past anywidget's gate",
        "js/src/stream/hostModel.ts",
        "    host.comm?.on_msg((message) => behind.call(host, message));\n",
        "",
        (
            "js/tests/hostModel.test.ts"
            "::where anywidget's gate has shut, the kernel is heard past it and asked for what was lost",
        ),
    ),
    Break(
        "a picture file is of the model that it was asked of",
        "js/src/stream/fileOrders.ts",
        "if (frame !== null && frame.header.generation !== this.#generation()) {",
        "if (frame !== null && this.#generation() < 0) {",
        ("js/tests/fileOrders.test.ts::a frame of another model makes no file",),
    ),
    Break(
        "a drawing is answered once it is painted",
        "js/src/panel/answerDrawings.ts",
        'if (sent > 0) send(model, { kind: "taken", page, taken: sent });',
        'if (sent > 0) send(model, { kind: "taken", page, taken: readCount(model, "sent") });',
        (f"{PANEL}::names only what was there before its animation frames",),
    ),
    Break(
        "a panel out of sight answers nothing",
        "js/src/panel/answerDrawings.ts",
        "        if (!isSeen) return;\n",
        "",
        (f"{PANEL}::is not given on a hidden page, nor by an animation frame that came too late",),
    ),
    Break(
        "a page says again what it shows of a panel",
        "js/src/panel/answerDrawings.ts",
        "setInterval(paint, AGAIN_MS)",
        "setInterval(() => {}, AGAIN_MS)",
        (f"{PANEL}::is given again every five seconds while the panel is seen: a later drawing may have been lost",),
    ),
    Break(
        "a page says that it no longer shows a panel",
        "js/src/panel/answerDrawings.ts",
        '    else send(model, { kind: "hidden", page });\n',
        "",
        (f"{PANEL}::is taken back once, when both the page is hidden and the panel scrolled away",),
    ),
    Break(
        "a picture out of sight is acknowledged all the same",
        "js/src/draw/renderer.ts",
        "    if (this.#store.frame !== null) this.#onDrawn?.(this.#store.frame);\n",
        "",
        (
            "js/tests/renderer.test.ts"
            "::a picture out of sight is not drawn, and the kernel is told all the same: the timeline may be in sight",
        ),
    ),
    Break(
        "a hidden page plays nothing",
        "js/src/ui/timeline/replay.ts",
        "    if (document.hidden) return pause();\n",
        "",
        ("js/tests/replay.test.ts::a hidden page plays nothing",),
    ),
)
