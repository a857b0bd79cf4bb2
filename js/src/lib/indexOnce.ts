/** Finds items by their keys; a list is gone through once, however often it is asked. Of two with one key the first counts. */
export function indexOnce<Item>(
  keysOf: (item: Item) => readonly string[],
): (items: readonly Item[], key: string) => Item | undefined {
  const known = new WeakMap<readonly Item[], Map<string, Item>>();
  return (items, key) => {
    let index = known.get(items);
    if (index === undefined) {
      index = new Map(items.toReversed().flatMap((item) => keysOf(item).map((own) => [own, item])));
      known.set(items, index);
    }
    return index.get(key);
  };
}
