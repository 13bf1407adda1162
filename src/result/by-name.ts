/** Each item's summary under its name. */
export function byName<Item, Value>(
  items: readonly Item[],
  name: (item: Item) => string,
  value: (index: number) => Value,
): Record<string, Value> {
  return Object.fromEntries(items.map((item, index) => [name(item), value(index)]))
}
