import { Frame, type TrainingState } from "../core/frame.ts";

const OF_THE_RUN = new Set(["curve", "kept", "change", "clock"]);

/** The moment of `shown` with what `newest` knows of the training: its state, its length, its curves. */
export function withPresentOf(shown: Frame, newest: Frame): Frame {
  const { step, revision, sample, target, meaning, truth, verdict, isFollowing, whatIf, foundThen } = shown.header;
  return new Frame(
    { ...newest.header, step, revision, sample, target, meaning, truth, verdict, isFollowing, whatIf, foundThen },
    shown.scalars,
    shown.hyperparameters,
    [
      ...shown.sections.filter((section) => !OF_THE_RUN.has(section.quantity)),
      ...newest.sections.filter((section) => OF_THE_RUN.has(section.quantity)),
    ],
    shown.byteLength,
  );
}

/** A frame seen earlier, shown as the past of the training that `newest` tells of. */
export function asPast(frame: Frame, newest: Frame): Frame {
  const past = withPresentOf(frame, newest);
  return new Frame(
    { ...past.header, isFollowing: false, foundThen: past.header.foundThen ?? frame.header.findings },
    past.scalars,
    past.hyperparameters,
    past.sections,
    past.byteLength,
  );
}

export function withHeartbeat(frame: Frame, state: TrainingState, latestStep: number): Frame {
  return new Frame(
    { ...frame.header, state, latestStep: Math.max(frame.header.latestStep, latestStep) },
    frame.scalars,
    frame.hyperparameters,
    frame.sections,
    frame.byteLength,
  );
}
