import { el, setAttributes, setText } from "./dom.ts";

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly isBold?: boolean;
  /** The name becomes a button that leads to what it names. */
  readonly open?: () => void;
}

export interface Facts {
  readonly element: HTMLElement;
  set(facts: readonly Fact[]): void;
}

interface Row {
  readonly name: HTMLElement;
  readonly value: HTMLElement;
  readonly link: HTMLButtonElement | null;
  open: () => void;
}

/** Names left, values right. */
export function createFacts(): Facts {
  const element = el("dl", { class: "nv-facts-list" });
  let rows: Row[] = [];
  const createRow = (isLink: boolean): Row => {
    const link = isLink ? el("button", { type: "button", class: "nv-fact-link" }) : null;
    const row: Row = { name: el("dt", {}, link), value: el("dd"), link, open: () => {} };
    link?.addEventListener("click", () => row.open());
    return row;
  };
  return {
    element,
    set(facts) {
      const isSameKind = facts.length === rows.length && facts.every((fact, i) => !fact.open === !rows[i]?.link);
      if (!isSameKind) {
        rows = facts.map((fact) => createRow(fact.open !== undefined));
        element.replaceChildren(...rows.flatMap((row) => [row.name, row.value]));
      }
      facts.forEach((fact, place) => {
        const row = rows[place];
        if (row === undefined) return;
        setText(row.link ?? row.name, fact.name);
        setText(row.value, fact.value);
        setAttributes(row.name, { title: fact.name });
        setAttributes(row.value, { title: fact.value, class: fact.isBold ? "nv-strong" : null });
        row.open = fact.open ?? (() => {});
      });
    },
  };
}
