import { checkFileSize } from "../lib/checkFileSize.ts";
import { whenAborted } from "../lib/listen.ts";
import { messageOf } from "../lib/messageOf.ts";
import { readText } from "./listenTo.ts";
import type { PanelModel } from "./panelModel.ts";
import { paintPng } from "./picture/paintPng.ts";
import { panelPicture } from "./picture/panelPicture.ts";

interface Order {
  readonly id: number;
  readonly format: "png" | "svg";
  readonly scale: number;
}

/** bqplot lays a picture out 300 ms after its margins have changed. */
const SETTLE_MS = 600;
/** During a training a panel never rests; then its layout does. */
const LONGEST_SETTLE_MS = 6000;
const LONGEST_REASON = 500;

/**
 * Makes the picture files that Python asks for, while the panel is seen: out of sight bqplot lays nothing out. Returns
 * what to call when that changes.
 */
export function savePanel(model: PanelModel, panel: HTMLElement, signal: AbortSignal): (isSeen: boolean) => void {
  let isSeen = false;
  let waiting: Order[] = [];
  const known = new Set<number>();
  const make = async ({ format, scale }: Order): Promise<ArrayBuffer> => {
    await settled(panel);
    const picture = await panelPicture(panel, readText(model, "title"), readText(model, "words"));
    const isPng = format === "png";
    const blob = isPng ? await paintPng(picture, scale, document) : new Blob([picture.svg], { type: "image/svg+xml" });
    checkFileSize(blob.size);
    return await blob.arrayBuffer();
  };
  const answer = (order: Order) => {
    make(order)
      .then(
        (file) => model.send({ kind: "exported", export: order.id }, undefined, [file]),
        (error: unknown) => {
          const reason = messageOf(error);
          model.send({ kind: "failed", export: order.id, reason: reason.slice(0, LONGEST_REASON) });
        },
      )
      .catch(() => {}); // the kernel has gone, and nobody waits for an answer
  };
  const work = () => {
    if (!isSeen) return;
    const orders = waiting;
    waiting = [];
    for (const order of orders) answer(order);
  };
  const take = (content: unknown) => {
    const order = readOrder(content);
    if (order === null || known.has(order.id)) return; // Python repeats its open orders when a page comes
    known.add(order.id);
    waiting.push(order);
    work();
  };
  model.on("msg:custom", take);
  whenAborted(signal, () => model.off("msg:custom", take));
  return (isSeenNow) => {
    isSeen = isSeenNow;
    work();
  };
}

function readOrder(content: unknown): Order | null {
  if (typeof content !== "object" || content === null) return null;
  const { kind, id, format, scale } = content as Record<string, unknown>;
  if (kind !== "export" || typeof id !== "number" || typeof scale !== "number") return null;
  return format === "png" || format === "svg" ? { id, format, scale } : null;
}

/** Waits until nothing in the panel has changed for a while: a drawing may still be on its way when an order comes. */
function settled(panel: HTMLElement): Promise<void> {
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = () => {
      observer.disconnect();
      clearTimeout(timer);
      clearTimeout(limit);
      requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(end, SETTLE_MS);
    };
    const observer = new MutationObserver(wait);
    observer.observe(panel, { subtree: true, childList: true, attributes: true, characterData: true });
    const limit = setTimeout(end, LONGEST_SETTLE_MS);
    wait();
  });
}
