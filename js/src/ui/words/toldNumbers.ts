import type { Frame } from "../../core/frame.ts";
import type { Graph } from "../../core/graph.ts";
import { formatNumber } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";

/** The numbers over the probe batch, in a sentence; empty where nobody has told. */
export function toldNumbers({ layers }: Graph, frame: Frame): string {
  const told = layers.flatMap(({ id, name: layer, numbers }) =>
    (numbers ?? []).flatMap((name) => {
      const [value] = frame.section("number", id, name)?.values ?? [];
      const what = say("noted", { text: safeText(name), note: safeText(layer) });
      return value === undefined ? [] : [`${what} ${formatNumber(value, 3)}`];
    }),
  );
  return told.length === 0 ? "" : say("listed", { what: say("overTheProbe"), list: told.join(say("semicolon")) });
}
