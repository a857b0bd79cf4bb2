import type { Frame } from "../core/frame.ts";
import { HandOver } from "../lib/handOver.ts";
import { messageOf } from "../lib/messageOf.ts";
import { decodeFrame } from "./decodeFrame.ts";
import type { ExportOrder, ExportWish, Operation, Operations } from "./protocol.ts";
import { NoAnswerError } from "./requests.ts";

/** Makes the bytes of a picture file; `frame` is what Python wants to see, `null` what is shown. */
export type MakeFile = (wish: ExportWish, frame: Frame | null) => Promise<Uint8Array<ArrayBuffer>>;

type Send = <Op extends Operation>(op: Op, args: Operations[Op], bytes?: Uint8Array<ArrayBuffer>) => Promise<unknown>;

const LONGEST_REASON = 500;

/** The picture files that Python asked for: each is made by one of the views, on the screen or not, and sent once. */
export class FileOrders {
  readonly #orders = new HandOver<(make: MakeFile) => void>();
  readonly #known = new Set<number>();
  readonly #send: Send;
  readonly #generation: () => number;

  constructor(send: Send, generation: () => number) {
    this.#send = send;
    this.#generation = generation;
  }

  /** A view has come that can make files. */
  offer(make: MakeFile, signal: AbortSignal): void {
    this.#orders.take((order) => order(make), signal);
    this.#tell("attached", {});
  }

  /** Python repeats its open orders when a page comes, so one may arrive twice. */
  take({ id, format, theme, scale }: ExportOrder, bytes: DataView | null): void {
    if (this.#known.has(id)) return;
    this.#known.add(id);
    this.#orders.give((make) => {
      this.#make(make, { format, theme, scale }, bytes)
        .then((file) => this.#send("exported", { export: id }, file))
        .catch((error: unknown) => {
          if (error instanceof NoAnswerError) return;
          const reason = messageOf(error);
          this.#tell("exportFailed", { export: id, reason: reason.slice(0, LONGEST_REASON) });
        });
    });
  }

  async #make(make: MakeFile, wish: ExportWish, bytes: DataView | null): Promise<Uint8Array<ArrayBuffer>> {
    const frame = bytes === null ? null : decodeFrame(bytes);
    if (frame !== null && frame.header.generation !== this.#generation()) {
      throw new Error("The page shows another model by now. Save the picture again.");
    }
    return await make(wish, frame);
  }

  #tell<Op extends Operation>(op: Op, args: Operations[Op]): void {
    this.#send(op, args).catch(() => {});
  }
}
