import type { Frame, Selection } from "./core/frame.ts";
import { createDialogs } from "./dialogs.ts";
import type { ApartMarks } from "./draw/marks/brush.ts";
import type { PictureLegend } from "./draw/say/legend.ts";
import type { Place } from "./interact/keyboard.ts";
import { moveAlong } from "./interact/moveAlong.ts";
import { createPicture, type Picture } from "./interact/picture.ts";
import type { Scene } from "./layout/scene.ts";
import { listen, whenAborted } from "./lib/listen.ts";
import { messageOf } from "./lib/messageOf.ts";
import { language, say } from "./lib/say.ts";
import { followFindings } from "./session/followFindings.ts";
import { followTold } from "./session/followTold.ts";
import { bring, type DrawnParts } from "./session/parts.ts";
import type { Session } from "./session/session.ts";
import { MAX_BOOKMARKS, toggledBookmark } from "./store/bookmarks.ts";
import { followOpenings } from "./store/followOpenings.ts";
import { isInLevels, withOpened } from "./store/openGroups.ts";
import { readTrait } from "./stream/protocol.ts";
import { followTheme, readTheme, readThemeName } from "./theme/theme.ts";
import { createLegendRow } from "./ui/charts/legendRow.ts";
import { createAnnouncer } from "./ui/frame/announcer.ts";
import { createBanner } from "./ui/frame/banner.ts";
import { fullScreenItem } from "./ui/frame/fullScreen.ts";
import { followGrowth } from "./ui/frame/growth.ts";
import { createHeader } from "./ui/frame/header.ts";
import { createInvitation } from "./ui/frame/invitation.ts";
import { keepInSight, showBelow } from "./ui/frame/keepInSight.ts";
import { createLoading } from "./ui/frame/loading.ts";
import { menuItems } from "./ui/frame/menuItems.ts";
import { followSize, sizeItems } from "./ui/frame/projectorSize.ts";
import { handleRootKeys } from "./ui/frame/rootKeys.ts";
import { createInspector } from "./ui/inspector/inspector.ts";
import { createButton } from "./ui/kit/button.ts";
import { el, setAttributes } from "./ui/kit/dom.ts";
import { createSheet } from "./ui/kit/sheet.ts";
import type { Actions, Shell } from "./ui/kit/shell.ts";
import type { FoundPlace } from "./ui/places/findPlaces.ts";
import { createFoot } from "./ui/places/foot.ts";
import type { Tooltip } from "./ui/places/tooltip.ts";
import { createTree } from "./ui/places/tree.ts";
import { createTimeline } from "./ui/timeline/timeline.ts";
import { neighbourKept } from "./ui/timeline/timeScale.ts";
import { silence } from "./ui/words/silence.ts";

/** One view of a session in an element, drawn with these parts, until the signal aborts. */
export function networkView(
  session: Session,
  element: HTMLElement,
  signal: AbortSignal,
  { levels: depth, maps, sequences, plane, result, problem }: DrawnParts = {},
): void {
  const root = el("section", {
    class: "nv",
    "aria-label": say("neuralNetwork"),
    lang: language,
  });
  element.classList.add("nv-place");
  element.replaceChildren(root);
  root.dataset.nnvisTheme = readThemeName(root);
  const { store, state } = session;
  const viewer = session.join(signal);
  const actions = createActions(session, (text) => announcer.tell(text));
  const shell: Shell = { store, state, actions, signal };

  const canvas = el("div", { class: "nv-canvas" });
  const announcer = createAnnouncer(shell);
  const banner = createBanner(shell, () => session.heardAt_ms);
  const sheet = createSheet(signal);
  // Without the part for them nothing is drawn until it comes; where it cannot come, the columns are.
  const isDeep = () => problem === undefined && isInLevels(store.index, state.values);
  const omission = () => (isDeep() ? say("levelsOmit") : (picture?.legend.omission ?? ""));
  const place = {
    canvas,
    sheet,
    omission,
    picture: () => picture,
    goTo: (place: FoundPlace) => goTo(place),
    tell: (text: string) => announcer.tell(text),
  };
  const dialogs = createDialogs(session.parts, shell, place);
  const items = () => menuItems(shell, { ...dialogs, fullScreen: fullScreenItem(root), sizes: sizeItems(state) });
  const header = createHeader(shell, items, dialogs.openOmissions);
  const letGo = () => {
    const place = state.values.selection;
    state.set({ selection: null });
    picture?.moveFocus(place, true);
  };
  const layerTree = depth?.createLayerTree(shell, (place) => goTo(place));
  const inspector = createInspector(shell, readThemeName(root), letGo, { ...maps, ...sequences }, layerTree ?? null);
  const tableButton = createButton(
    { label: say("showAsTable"), text: say("showAsTable"), className: "nv-table-button" },
    () => dialogs.openTables(firstTable(state.values.selection)),
    signal,
  );
  const whatIf = createButton(
    { label: say("whatIfOpen"), text: say("whatIf"), className: "nv-table-button" },
    () => {
      const opened = session.send("openWhatIf", {}).then(whatIfShown);
      opened.then((own) => own.open(), refuse(say("whatIf")));
    },
    signal,
  );
  inspector.element.querySelector(".nv-inspector-body")?.append(whatIf.element, tableButton.element);
  const legend = createLegendRow(readThemeName(root), signal);
  const invitation = createInvitation(shell, () => timeline.focus());
  const timeline = createTimeline(shell, invitation.element);
  let tooltip: Tooltip | null = null;
  const tree = createTree(shell);
  const levels = depth?.createLevels(
    shell,
    (place) => goTo(place),
    () => tellLayers(),
  );
  const openGroups = depth?.createOpenGroups(shell);
  const foot = createFoot(shell, {
    by: (factor) => picture?.zoomBy(factor),
    fit: () => picture?.fit(),
    turnPage: (direction) => picture?.turnPage(direction),
    centre: (...place) => picture?.centre(...place),
  });
  const stage = el("div", { class: "nv-stage" }, canvas, levels?.element ?? null, tree.element);
  const loading = createLoading(shell);
  const side = el("div", { class: "nv-side" }, openGroups?.element ?? null, stage, foot.element, loading.element);
  const pane = result?.createResultPane(shell, readThemeName(root));
  const main = el("div", { class: "nv-main" }, side, pane?.element ?? null, inspector.element);
  root.append(header.element, banner.element, main, legend.element, timeline.element, announcer.element, sheet.element);
  const parts = [
    followGrowth(root, state, signal),
    header,
    banner,
    inspector,
    tree,
    ...(levels && openGroups ? [levels, openGroups] : []),
    ...(pane ? [pane] : []),
    timeline,
    foot,
    announcer,
    loading,
    invitation,
    followFindings(session, shell, root, (marks) => {
      Object.assign(apart, marks);
      picture?.resize();
    }),
  ];

  let chosen = state.values.selection;
  const keepSeen = (place: Place | null) => {
    if (picture !== null && place !== null) keepInSight(picture, stage, place);
  };
  const updateNow = () => {
    try {
      for (const part of parts) part.update();
      if (state.values.selection !== chosen) {
        keepSeen(state.values.selection); // the inspector has taken its room
        showBelow(root, stage, inspector.element, timeline.element);
      }
      chosen = state.values.selection;
      if (isDeep() && store.frame !== null) viewer.drawn(store.frame);
      if (isDeep()) tellLayers();
      inspector.setOmission(omission());
      whatIf.set({ offReason: silence(store) });
      setAttributes(root, {
        "data-levels": isDeep(),
        "data-connection": store.connection,
        "data-empty": store.graph === null,
      });
    } catch (error) {
      report(error);
    }
  };
  const report = (error: unknown) => {
    console.error(error);
    banner.fail(error);
  };
  const update = oncePerFrame(updateNow, signal);

  // Before the picture follows it: on paper the view has another width, for which the picture is drawn.
  bring(session.parts, "learning").then(
    ({ createLearning }) => {
      parts.push(createLearning(shell, inspector.element));
      update();
    },
    () => {}, // one section less
  );
  bring(session.parts, "asked").then(
    ({ createTooltip }) => {
      tooltip = createTooltip(shell, canvas, (hover) => picture?.boxOf(hover) ?? null);
      stage.append(tooltip.element);
      parts.push(tooltip);
      update();
    },
    () => {}, // no peeks
  );
  const rereadTheme = followTheme(root, signal, (name) => {
    legend.setTheme(name);
    inspector.setTheme(name);
    pane?.setTheme(name);
    foot.setTheme(readTheme(root));
  });
  foot.setTheme(readTheme(root));
  let picture: Picture | null = null;
  const apart: ApartMarks = { ...maps, ...plane };
  const drawn = (frame: Frame) => {
    banner.recover();
    viewer.drawn(frame);
    tellLayers();
  };
  const tellLayers = () => viewer.showLayers(isDeep() ? (levels?.shown ?? []) : (picture?.layersOnScreen ?? []));
  try {
    picture = createPicture(canvas, store, state, signal, drawn, place.tell, apart);
    tree.mirror(picture);
    canvas.append(...foot.fades);
    picture.onFocus((place) => keepSeen(place), signal);
    picture.onPeek((hover) => tooltip?.peek(hover), signal);
    let laidOut: Scene | null = null;
    picture.onMove((sight) => {
      if (sight.base !== laidOut) keepSeen(state.values.selection);
      laidOut = sight.base;
      foot.setSight(sight);
      tooltip?.followItem();
      tellLayers();
    }, signal);
    const tellLegend = (next: PictureLegend) => {
      legend.set(next);
      foot.setLegend(next);
      header.setOmission(next.omission);
      update();
    };
    tellLegend(picture.legend);
    picture.onLegend(tellLegend, signal);
  } catch (error) {
    report(error);
  }

  const goTo = ({ layer, unit, within = [] }: FoundPlace) => {
    const place = { layer, unit };
    state.set({ selection: place, opened: withOpened(state.values.opened, ...within) });
    follow.whenSeen(place, () => {
      if (isDeep()) {
        levels?.update();
        levels?.go(layer, true);
        return;
      }
      picture?.moveFocus(place, true);
      picture?.show(place);
    });
  };
  const follow = followOpenings(shell, (place) => {
    if (picture?.element.contains(document.activeElement)) picture.moveFocus(place, true);
  });

  const refuse = (title: string) => (error: unknown) => sheet.open(title, el("p", {}, messageOf(error)));
  const makeStepper = async () => (await bring(session.parts, "steps")).createStepper(shell, root);
  followTold(session, "_steps", makeStepper, refuse(say("stepThroughKey")), signal);
  const makeWhatIf = async () => {
    const { createWhatIf } = await bring(session.parts, "whatIf");
    return createWhatIf(shell, main, whatIf.element, (changes) => session.send("suppose", { changes }));
  };
  const whatIfShown = followTold(session, "_what_if", makeWhatIf, refuse(say("whatIf")), signal);
  session.files.offer(dialogs.make, signal);
  session.onProblem(report, signal);
  const moves = { playOrPause: timeline.playOrPause, moveAlong: (by: number) => moveAlong(store, state, by) };
  handleRootKeys(root, { ...actions, ...moves }, dialogs.openHelp, dialogs.openSearch, signal);
  store.subscribe(update, signal);
  state.subscribe(update, signal);
  const applySize = followSize(root, state, signal);
  followHeight(root, session, signal);
  const see = (isVisible: boolean) => {
    applySize();
    rereadTheme(); // in a dashboard the root has no box, and so no size to follow
    viewer.setVisible(isVisible);
  };
  followVisibility([header.element, canvas, timeline.element], see, signal);
  whenAborted(signal, () => root.remove());
  updateNow();
  if (problem !== undefined) report(problem);
}

function firstTable(selection: Selection | null): string {
  if (selection === null) return "layers";
  return selection.unit === null ? "units" : "weights";
}

function createActions(session: Session, tell: (text: string) => void): Actions {
  const { store } = session;
  const command: Actions["command"] = (op, args) => {
    session.send(op, args).then(
      (answer) => {
        if (!answer.ok) tell(answer.reason);
      },
      (error: unknown) => tell(messageOf(error)),
    );
  };
  const seekBy: Actions["seekBy"] = (count) => {
    const frame = store.frame;
    const kept = frame?.section("kept")?.values;
    if (frame === null) return;
    const isExact = kept !== undefined && kept.length >= frame.header.keptCount;
    if (store.connection === "live" && !isExact) {
      command("seekBy", { count });
      return;
    }
    const at = session.state.values.step ?? frame.header.step;
    const step = kept === undefined ? null : neighbourKept(kept, at, count);
    if (step !== null) session.seek(step);
  };
  return {
    command,
    seekBy,
    seek: (step) => session.seek(step),
    toggleBookmark(step = session.state.values.step ?? store.frame?.header.step) {
      if (step === undefined || store.connection === "saved") return;
      const bookmarks = toggledBookmark(session.state.values.bookmarks, step);
      if (bookmarks === null) tell(say("tooManyBookmarks", { most: MAX_BOOKMARKS }));
      else session.state.set({ bookmarks });
    },
    stepThrough() {
      if (store.connection !== "live") tell(say("cannotSteer"));
      else if (store.frame?.header.commands.includes("openSteps")) command("openSteps", { sample: 0 });
      else tell(say("notOffered"));
    },
    toggleTraining() {
      const header = store.frame?.header;
      const op = header?.state === "running" ? "pause" : "start";
      if (store.connection !== "live") tell(say("cannotSteer"));
      else if (header?.commands.includes(op)) command(op, {});
    },
  };
}

function oncePerFrame(run: () => void, signal: AbortSignal): () => void {
  let request = 0;
  whenAborted(signal, () => cancelAnimationFrame(request));
  return () => {
    if (request !== 0 || signal.aborted) return;
    request = requestAnimationFrame(() => {
      request = 0;
      run();
    });
  };
}

/** The height is a trait; the corner of the view can be dragged. */
function followHeight(root: HTMLElement, session: Session, signal: AbortSignal): void {
  const apply = () => {
    root.style.height = `${session.channel.readShared("height")}px`;
    root.style.setProperty("--nv-height", root.style.height);
  };
  apply();
  session.channel.onTrait("height", apply, signal);
  listen(
    root,
    "pointerup",
    () => {
      const height = readTrait("height", Math.round(Number.parseFloat(root.style.height)));
      if (root.style.height !== `${session.channel.readShared("height")}px`) session.channel.share({ height });
    },
    signal,
  );
}

/** On screen is a view of which a part is: in a dashboard they lie apart. */
function followVisibility(parts: readonly Element[], tell: (isVisible: boolean) => void, signal: AbortSignal): void {
  const onScreen = new Set<Element>();
  let isOnScreen = typeof IntersectionObserver !== "function";
  const update = () => tell(isOnScreen && !document.hidden);
  listen(document, "visibilitychange", update, signal);
  if (!isOnScreen) {
    const observer = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) onScreen.add(target);
        else onScreen.delete(target);
      }
      isOnScreen = onScreen.size > 0;
      update();
    });
    for (const part of parts) observer.observe(part);
    whenAborted(signal, () => observer.disconnect());
  }
  update();
}
