/** A name that nothing else has. */
export function newName(): string {
  return crypto.getRandomValues(new Uint32Array(3)).reduce((name, part) => name + part.toString(36), "");
}
