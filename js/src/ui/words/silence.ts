import { say } from "../../lib/say.ts";
import type { FrameStore } from "../../store/frameStore.ts";

/** Why nothing can be asked of the kernel; null where it can. */
export function silence({ connection }: FrameStore): string | null {
  if (connection === "unreachable") return say("kernelSilent");
  return connection === "saved" ? say("savedWithoutKernel") : null;
}
