import { el, setAttributes, setText } from "./dom.ts";

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly isBold?: boolean;
}

export interface Facts {
  readonly element: HTMLElement;
  set(facts: readonly Fact[]): void;
}

/** Names left, values right. */
export function createFacts(): Facts {
  const element = el("dl", { class: "nv-facts-list" });
  const rows: { name: HTMLElement; value: HTMLElement }[] = [];
  return {
    element,
    set(facts) {
      while (rows.length < facts.length) {
        const row = { name: el("dt"), value: el("dd") };
        element.append(row.name, row.value);
        rows.push(row);
      }
      while (rows.length > facts.length) {
        const row = rows.pop();
        row?.name.remove();
        row?.value.remove();
      }
      facts.forEach((fact, place) => {
        const row = rows[place];
        if (row === undefined) return;
        setText(row.name, fact.name);
        setText(row.value, fact.value);
        setAttributes(row.name, { title: fact.name });
        setAttributes(row.value, { title: fact.value, class: fact.isBold ? "nv-strong" : null });
      });
    },
  };
}
