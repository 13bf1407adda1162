const deepest = 5
const widest = 20

/** JSON pointers to the texts of a message, the first ones, for whoever wrote a pointer that leads to none. */
export function textPointers(value: unknown, most: number): string[] {
  const found: string[] = []
  const walk = (at: unknown, pointer: string, depth: number): void => {
    if (found.length >= most || depth > deepest) return
    if (typeof at === 'string' && at !== '') found.push(pointer)
    if (typeof at !== 'object' || at === null) return
    for (const [key, inside] of Object.entries(at).slice(0, widest))
      walk(inside, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth + 1)
  }
  walk(value, '', 0)
  return found
}
