import { isModified } from "../../lib/isModified.ts";
import { listen } from "../../lib/listen.ts";
import { say } from "../../lib/say.ts";
import { createButton } from "../kit/button.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import { icon } from "../kit/icons.ts";
import type { Shell } from "../kit/shell.ts";
import { createNodeReader } from "../words/readUnit.ts";
import { type FoundPlace, findPlaces } from "./findPlaces.ts";

const MOST_RESULTS = 8;

export interface Search {
  readonly element: HTMLElement;
  open(): void;
}

/**
 * A field over the picture that finds layers and units: a combobox with a list. Enter goes to what is chosen, Esc closes
 * and gives the focus back.
 */
export function createSearch({ store, signal }: Shell, goTo: (place: FoundPlace) => void): Search {
  const id = `nv-search-${crypto.getRandomValues(new Uint32Array(1))[0] ?? 0}`;
  const field = el("input", {
    type: "text",
    role: "combobox",
    "aria-label": say("findPlace"),
    "aria-autocomplete": "list",
    "aria-expanded": "true",
    "aria-controls": id,
    placeholder: say("findPlaceholder"),
    autocomplete: "off",
    spellcheck: "false",
  });
  const list = el("ul", { id, role: "listbox", "aria-label": say("found") });
  const note = el("p", { class: "nv-search-note", "aria-live": "polite" });
  const close = createButton({ label: say("closeSearch"), icon: "close" }, () => shut(), signal);
  const row = el("div", { class: "nv-search-row" }, icon("search"), field, close.element);
  const element = el("div", { class: "nv-search", role: "search", hidden: true }, row, list, note);
  const nodesOf = createNodeReader();
  let places: readonly FoundPlace[] = [];
  let chosen = 0;
  let before: Element | null = null;

  const shut = () => {
    show(element, false);
    if (before instanceof HTMLElement || before instanceof SVGElement) before.focus({ preventScroll: true });
    before = null;
  };
  const take = (at: number) => {
    const place = places[at];
    if (place === undefined) return;
    show(element, false);
    before = null;
    goTo(place);
  };
  const mark = (at: number) => {
    chosen = at;
    [...list.children].forEach((option, i) => {
      setAttributes(option, { "aria-selected": String(i === at) });
      if (i === at) option.scrollIntoView?.({ block: "nearest" });
    });
    setAttributes(field, { "aria-activedescendant": places.length === 0 ? null : `${id}-${at}` });
  };
  const find = () => {
    const nodes = store.graph === null ? [] : nodesOf(store.graph);
    const found = findPlaces(nodes, store.scenery, field.value, MOST_RESULTS, store.index);
    places = found.places;
    list.replaceChildren(
      ...places.map((place, at) => {
        const option = el(
          "li",
          { id: `${id}-${at}`, role: "option" },
          el("span", { class: "nv-search-title", title: place.title }, place.title),
          el("span", { class: "nv-search-detail" }, place.detail),
        );
        option.addEventListener("pointerdown", (event) => event.preventDefault());
        option.addEventListener("click", () => take(at));
        return option;
      }),
    );
    const rest = found.total - places.length;
    setText(note, places.length === 0 ? say("nothingFound") : rest > 0 ? say("typeOn", { rest }) : "");
    setAttributes(field, { "aria-expanded": String(places.length > 0) });
    show(list, places.length > 0);
    mark(0);
  };

  listen(field, "input", find, signal);
  listen(
    element,
    "keydown",
    (event) => {
      if (!isModified(event)) event.stopPropagation();
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") shut();
      else if (event.key === "Enter" && event.target === field) take(chosen);
      else if (step !== undefined && places.length > 0) mark((chosen + step + places.length) % places.length);
      else return;
      event.preventDefault();
    },
    signal,
  );
  listen(
    element,
    "focusout",
    (event) => {
      if (event.relatedTarget instanceof Node && !element.contains(event.relatedTarget)) show(element, false);
    },
    signal,
  );
  return {
    element,
    open() {
      if (store.graph === null) return;
      if (element.hidden) before = document.activeElement;
      field.value = "";
      show(element, true);
      find();
      field.focus({ preventScroll: true });
    },
  };
}
