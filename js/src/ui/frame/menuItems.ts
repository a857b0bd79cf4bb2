import { hasValidation } from "../../draw/marks/pointShapes.ts";
import { hasTwoSides } from "../../draw/read/twoSides.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { MenuItem } from "../kit/menu.ts";
import type { Shell } from "../kit/shell.ts";
import { BACK } from "./invitation.ts";

/** The pages over the view that the menu opens. */
export interface Dialogs {
  openHelp(): void;
  openDescription(): void;
  openTables(): void;
  openSearch(): void;
  openSave(): void;
  /** For the view as a whole screen. */
  readonly fullScreen: MenuItem | null;
  /** How large the view is. */
  readonly sizes: readonly MenuItem[];
}

/** What the … menu offers now. */
export function menuItems(shell: Shell, dialogs: Dialogs): MenuItem[] {
  const { store, actions } = shell;
  const offered = store.connection === "live" ? (store.frame?.header.commands ?? []) : [];
  const items: MenuItem[] = [{ id: "describe", text: say("describe"), run: dialogs.openDescription }];
  if (store.graph !== null) {
    items.push({ id: "tables", text: say("showAsTable"), run: () => dialogs.openTables() });
    items.push({ id: "save", text: say("saveWhole"), run: dialogs.openSave });
  }
  if (offered.includes("runEpochs")) {
    items.push({ id: "epoch", text: say("trainOneEpoch"), run: () => actions.command("runEpochs", { count: 1 }) });
  }
  if (store.frame !== null && store.connection !== "saved") {
    const { step, bookmarks } = shell.state.values;
    const isThere = bookmarks.includes(step ?? store.frame.header.step);
    const text = say(isThere ? keyOf("removeBookmark") : keyOf("addBookmark"));
    items.push({ id: "bookmark", text, run: () => actions.toggleBookmark() });
  }
  if (offered.includes("stop")) {
    items.push({ id: "stop", text: say("stopTraining"), run: () => actions.command("stop", {}) });
  }
  const { hasSignPattern, hasStrongEdges, hasOneScale, hasEvenTime } = shell.state.values;
  items.push({
    id: "signs",
    text: say("signPattern"),
    isChecked: hasSignPattern,
    run: () => shell.state.set({ hasSignPattern: !hasSignPattern }),
  });
  items.push({
    id: "strong",
    text: say("strongEdges"),
    isChecked: hasStrongEdges,
    run: () => shell.state.set({ hasStrongEdges: !hasStrongEdges }),
  });
  items.push({
    id: "scale",
    text: say("oneScale"),
    isChecked: hasOneScale,
    run: () => shell.state.set({ hasOneScale: !hasOneScale }),
  });
  items.push({
    id: "time",
    text: say("evenTime"),
    isChecked: hasEvenTime,
    run: () => shell.state.set({ hasEvenTime: !hasEvenTime }),
  });
  if (store.scenery?.extent != null) items.push(...fieldItems(shell));
  if (offered.includes("reset")) {
    const ask = say("reallyReset");
    items.push({ id: "reset", text: say("reset"), ask, run: () => actions.command("reset", {}) });
  }
  if (offered.includes("undoReset")) {
    items.push({ id: "undo", text: BACK, run: () => actions.command("undoReset", {}) });
  }
  if (store.graph !== null) items.push({ id: "find", text: say("find"), run: dialogs.openSearch });
  items.push(...dialogs.sizes);
  if (dialogs.fullScreen !== null) items.push(dialogs.fullScreen);
  items.push({ id: "help", text: say("keys"), run: dialogs.openHelp });
  return items;
}

/** What the field over the plane shows. */
function fieldItems({ store, state }: Shell): MenuItem[] {
  const { validationPoints, discrete } = state.values;
  return [
    {
      id: "validation",
      text: say("validationPoints"),
      isChecked: validationPoints,
      lacks: hasValidation(store.scenery) ? null : say("noValidation"),
      run: () => state.set({ validationPoints: !validationPoints }),
    },
    {
      id: "discrete",
      text: say("classOnly"),
      isChecked: discrete,
      lacks: hasTwoSides(store.scenery, store.frame) ? null : say("notTwoClasses"),
      run: () => state.set({ discrete: !discrete }),
    },
  ];
}
