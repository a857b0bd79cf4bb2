import type { Shell } from "../ui/kit/shell.ts";
import { bring, type Part } from "./parts.ts";
import type { Session } from "./session.ts";

type Stepper = ReturnType<Part<"steps">["createStepper"]>;

/** Shows the step that is gone through over a view, while there is a kernel; its script comes with the first one. */
export function followSteps(session: Session, shell: Shell, root: HTMLElement, tell: (error: unknown) => void): void {
  let stepper: Stepper | null = null;
  let isBringing = false;
  const told = () => (session.channel.hasKernel ? session.channel.read("_steps") : null);
  const update = () => {
    const isOpen = Object.keys(told() ?? {}).length > 0;
    if (stepper !== null) stepper.update(told());
    else if (isOpen && !isBringing) {
      isBringing = true;
      bring(session.parts, "steps")
        .then(({ createStepper }) => {
          stepper = createStepper(shell, root);
          stepper.update(told());
        })
        .catch(tell)
        .finally(() => {
          isBringing = false;
        });
    }
  };
  session.channel.onTrait("_steps", update, shell.signal);
  session.channel.onKernelChange(update, shell.signal);
  update();
}
