type Modifiers = Pick<KeyboardEvent, "ctrlKey" | "metaKey" | "altKey">;

/** With Ctrl, ⌘ or Alt a key is the browser's or the host's, wherever it is pressed. */
export function isModified({ ctrlKey, metaKey, altKey }: Modifiers): boolean {
  return ctrlKey || metaKey || altKey;
}
