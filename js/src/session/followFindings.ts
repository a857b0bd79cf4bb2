import type { ApartMarks } from "../draw/marks/brush.ts";
import type { Found } from "../parts/findings.ts";
import type { Shell } from "../ui/kit/shell.ts";
import { bring } from "./parts.ts";
import type { Session } from "./session.ts";

/** What is to be updated with a view so that it shows what is wrong; its script comes with the first thing that is. */
export function followFindings(
  session: Session,
  shell: Shell,
  root: HTMLElement,
  show: (marks: ApartMarks) => void,
): { update(): void } {
  let found: Found | null = null;
  let isBringing = false;
  let isNews = false;
  return {
    update() {
      const frame = shell.store.frame;
      isNews ||= frame?.header.findings.length === 0;
      if (found !== null) found.update();
      else if (frame !== null && frame.header.findings.length > 0 && !isBringing) {
        isBringing = true;
        bring(session.parts, "findings")
          .then(({ createFound }) => {
            found = createFound(shell, root, isNews);
            found.update();
            show(found.marks);
          })
          .catch(() => {
            isBringing = false; // it comes right after the frame
          });
      }
    },
  };
}
