/** Twin of MAX_BOOKMARKS in nnvis_widget/widgets/gate.py. */
export const MAX_BOOKMARKS = 100;

/** With the step, or without it where it is there already; `null` where there is no room for one more. */
export function toggledBookmark(bookmarks: readonly number[], step: number): readonly number[] | null {
  if (bookmarks.includes(step)) return bookmarks.filter((other) => other !== step);
  if (bookmarks.length >= MAX_BOOKMARKS) return null;
  return [...bookmarks, step].sort((one, other) => one - other);
}
