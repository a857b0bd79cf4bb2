import { vi } from "vitest";

/** Waits for a state, on a busy machine too; what has come is seen at once. */
export function until(claim: () => void): Promise<void> {
  return vi.waitFor(claim, { timeout: 50_000 });
}
