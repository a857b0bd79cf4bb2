import type { KernelTrait } from "../stream/channel.ts";
import type { Session } from "./session.ts";

interface Telling {
  /** Shows what Python tells; `null` or nothing of it closes. */
  update(told: unknown): void;
}

/**
 * Shows over a view what Python tells by a trait, while there is a kernel; what shows it is made with the first of it.
 *
 * @returns What makes it before there is anything to show.
 */
export function followTold<Shown extends Telling>(
  session: Session,
  trait: KernelTrait,
  make: () => Promise<Shown>,
  tell: (error: unknown) => void,
  signal: AbortSignal,
): () => Promise<Shown> {
  let shown: Promise<Shown> | null = null;
  const told = () => (session.channel.hasKernel ? session.channel.read(trait) : null);
  const open = () => {
    shown ??= make();
    shown.catch(() => {
      shown = null; // it may come yet
    });
    return shown;
  };
  const update = () => {
    if (shown === null && Object.keys(told() ?? {}).length === 0) return;
    open().then((own) => own.update(told()), tell);
  };
  session.channel.onTrait(trait, update, signal);
  session.channel.onKernelChange(update, signal);
  update();
  return open;
}
