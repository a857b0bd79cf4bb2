/**
 * Puts a text on the clipboard that is still to come: where the page may, at once, so that the press that asked for it
 * counts.
 *
 * @throws If the page may not, or the text does not come.
 */
export async function copyText(text: Promise<string>): Promise<void> {
  if (typeof ClipboardItem === "function") {
    const blob = text.then((own) => new Blob([own], { type: "text/plain" }));
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
  } else {
    await navigator.clipboard.writeText(await text);
  }
}
