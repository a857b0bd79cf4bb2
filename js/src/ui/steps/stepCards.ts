import { formatScaleEnd } from "../../lib/numberFormat.ts";
import { say } from "../../lib/say.ts";
import { activationCurve } from "../charts/activationCurve.ts";
import { el, setAttributes, svg } from "../kit/dom.ts";
import { createFacts } from "../kit/facts.ts";
import { icon } from "../kit/icons.ts";
import { PHASES, type Share, type Step, type StepCard } from "./readStep.ts";

const PLOT_WIDTH = 300;
const PLOT_HEIGHT = 132;
const POINTS = 80;

/** A unit's arithmetic as tables, the cards of the phase that is shown marked. */
export function createStepCards(): { readonly element: HTMLElement; set(step: Step): void } {
  const element = el("div", { class: "nv-step-cards", tabindex: 0, role: "group" });
  let shown = "";
  let written = "";
  return {
    element,
    set(step) {
      const told = JSON.stringify([step.unitTitle, step.cards, step.notes]);
      if (told !== written) {
        element.setAttribute("aria-label", say("stepsCards", { unit: step.unitTitle }));
        element.replaceChildren(
          ...step.cards.map((card) => cardOf(card, step)),
          ...(step.notes.length > 0 ? [notesOf(step.notes)] : []),
        );
      }
      written = told;
      for (const card of element.querySelectorAll<HTMLElement>("[data-phase]")) {
        setAttributes(card, { "data-active": card.dataset.phase === step.phase });
      }
      const look = `${step.number} ${step.phase}`;
      if (look !== shown) {
        const active = element.querySelector<HTMLElement>("[data-active]");
        element.scrollTop = active === null ? 0 : active.offsetTop - element.offsetTop - 16;
      }
      shown = look;
    },
  };
}

function notesOf(notes: readonly string[]): HTMLElement {
  return el("ul", { class: "nv-step-notes" }, ...notes.map((note) => el("li", {}, note)));
}

function cardOf(card: StepCard, step: Step): HTMLElement {
  const caption = card.caption === "" ? step.unitTitle : card.caption;
  return el(
    "section",
    { class: "nv-step-card", "data-phase": card.phase },
    el(
      "h4",
      {},
      el("span", { class: "nv-step-badge", "aria-hidden": "true" }, String(PHASES.indexOf(card.phase) + 1)),
      el("span", {}, card.title),
      el("span", { class: "nv-sub" }, caption),
    ),
    card.rows.length > 0 ? tableOf(card, caption) : null,
    plotOf(card),
    factsOf(card),
    ...card.checks.map(([isRight, text]) =>
      el(
        "p",
        { class: "nv-step-check", "data-tone": isRight ? "ok" : "err" },
        icon(isRight ? "ok" : "err"),
        el("span", {}, text.replace(/^[✓✗] /, "")),
      ),
    ),
    card.notes.length > 0 ? notesOf(card.notes) : null,
  );
}

function factsOf(card: StepCard): HTMLElement | null {
  if (card.facts.length === 0) return null;
  const facts = createFacts();
  facts.set(card.facts.map(([name, value]) => ({ name, value, isBold: true })));
  return facts.element;
}

function tableOf(card: StepCard, caption: string): HTMLElement {
  const isSum = card.phase !== "update";
  const table = el(
    "table",
    { class: "nv-step-table", "data-sum": isSum },
    el("caption", { class: "nv-hidden" }, `${card.title}, ${caption}`),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        ...card.heads.flatMap((head, at) => [
          ...(isSum && at === card.heads.length - 1 ? [el("td", {})] : []),
          head === "" ? el("td", {}) : el("th", { scope: "col" }, head),
        ]),
      ),
    ),
    el("tbody", {}, ...card.rows.map((row) => (isSum ? sumRow(row) : moveRow(row)))),
  );
  const [name = "", total = ""] = card.total;
  if (name !== "") {
    const span = card.heads.length;
    table.append(el("tfoot", {}, el("tr", {}, el("th", { scope: "row", colspan: span }, name), el("td", {}, total))));
  }
  return table;
}

/** Name, weight, what comes in, the product with its bar. */
function sumRow(row: StepCard["rows"][number]): HTMLElement {
  const [name, weight, given, value, share] = row;
  const product = String(value ?? "");
  const from = String(given ?? "");
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, String(name)),
    el("td", { "data-sign": signOf(String(weight ?? "")) }, String(weight ?? "")),
    el("td", {}, from === "" ? "" : el("span", { "aria-hidden": "true" }, "× "), from),
    el("td", { class: "nv-step-bar-cell", "aria-hidden": "true" }, barOf(share as Share)),
    el("td", { "data-sign": signOf(product) }, product),
  );
}

/** Name, δ·a of the sample, the batch's mean, before, which way, after. */
function moveRow(row: StepCard["rows"][number]): HTMLElement {
  const [name, own, batch, before, arrow, after] = row.map((cell) => String(cell ?? ""));
  const tone = arrow === "▲" ? "up" : arrow === "▼" ? "down" : null;
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, name ?? ""),
    el("td", {}, own ?? ""),
    el("td", { "data-way": tone }, batch ?? ""),
    el("td", {}, before ?? ""),
    el("td", { class: "nv-step-arrow", "data-way": tone, "aria-hidden": "true" }, arrow ?? ""),
    el("td", { class: "nv-strong" }, after ?? ""),
  );
}

function signOf(text: string): string | null {
  return text.startsWith("+") ? "pos" : text.startsWith("−") ? "neg" : null;
}

function barOf(share: Share | undefined): HTMLElement | null {
  if (share === null || share === undefined) return null;
  const size = Math.min(1, Math.abs(share)) * 50;
  const bar = el("i", { class: "nv-step-bar", "data-sign": share < 0 ? "neg" : "pos" });
  bar.style.width = `${size}%`;
  bar.style.left = share < 0 ? `${50 - size}%` : "50%";
  return bar;
}

/** The activation with this sample's point and its tangent. */
function plotOf(card: StepCard): SVGSVGElement | null {
  if (card.plot === null) return null;
  const [name, z, a, slope] = card.plot;
  const curve = activationCurve(name, z, a);
  if (curve === null) return null;
  const reach = Math.max(curve.reach, Math.abs(z) * 1.2);
  const zs = Array.from({ length: POINTS + 1 }, (_, i) => -reach + (2 * reach * i) / POINTS);
  const outputs = [...zs.map(curve.output), a].filter(Number.isFinite);
  const low = Math.min(...outputs);
  const high = Math.max(...outputs);
  const margin = (high - low || 1) * 0.12;
  const x = (at: number) => 34 + ((at + reach) / (2 * reach)) * (PLOT_WIDTH - 42);
  const y = (at: number) => 6 + ((high + margin - at) / (high - low + 2 * margin || 1)) * (PLOT_HEIGHT - 28);
  const line = zs
    .map((at, i) => `${i === 0 ? "M" : "L"}${x(at).toFixed(1)} ${y(curve.output(at)).toFixed(1)}`)
    .join("");
  const half = reach / 4;
  const shown = svg(
    "svg",
    { class: "nv-plot nv-step-plot", viewBox: `0 0 ${PLOT_WIDTH} ${PLOT_HEIGHT}`, "aria-hidden": "true" },
    svg("path", { class: "nv-plot-grid", d: `M${x(-reach)} ${y(0)}H${x(reach)}M${x(0)} 6V${PLOT_HEIGHT - 22}` }),
    svg("path", { class: "nv-curve", d: line }),
    svg("path", {
      class: "nv-plot-drop",
      d: `M${x(z)} ${y(a)}V${y(Math.max(low - margin, Math.min(high + margin, 0)))}`,
    }),
    svg("path", {
      class: "nv-step-tangent",
      d: `M${x(z - half)} ${y(a - slope * half)}L${x(z + half)} ${y(a + slope * half)}`,
    }),
    svg("circle", { class: "nv-plot-dot", cx: x(z), cy: y(a), r: 5 }),
  );
  for (const [text, at, height] of [
    [tickText(high), 16, y(high) + 4],
    [tickText(low), 16, y(low) + 4],
    [String(-Math.round(reach)).replace("-", "−"), x(-reach) + 8, PLOT_HEIGHT - 6],
    ["0", x(0), PLOT_HEIGHT - 6],
    [String(Math.round(reach)), x(reach) - 6, PLOT_HEIGHT - 6],
  ] as const) {
    shown.append(svg("text", { class: "nv-step-symbol", x: at, y: height }, text));
  }
  return shown;
}

/** Of two decimals: a sigmoid begins at 0. */
function tickText(value: number): string {
  return formatScaleEnd(Math.round(value * 100) / 100);
}
