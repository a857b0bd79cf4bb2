import "../ui/frame/findings.css";
import { paintBadges, paintFoundUnits } from "../draw/marks/badges.ts";
import type { ApartMarks } from "../draw/marks/brush.ts";
import { createFoundAlert } from "../ui/frame/foundAlert.ts";
import { createFoundList } from "../ui/inspector/foundList.ts";
import type { Shell } from "../ui/kit/shell.ts";

/** What a view shows of what is wrong, beside the marks in its timeline. */
export interface Found {
  readonly marks: ApartMarks;
  update(): void;
}

/** `isNews`: nothing was wrong in what the view has shown before. */
export function createFound(shell: Shell, root: HTMLElement, isNews: boolean): Found {
  const alert = createFoundAlert(shell, isNews);
  const list = createFoundList(shell);
  root.querySelector(".nv-announcer")?.append(alert.element);
  root.querySelector(".nv-overview > section")?.after(list.element);
  return {
    marks: { paintBadges, paintFoundUnits },
    update() {
      alert.update();
      list.update();
    },
  };
}
