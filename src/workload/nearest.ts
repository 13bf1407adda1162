/** Edits (insert, delete, replace, swap neighbours) from one word to another. */
function distance(from: string, to: string): number {
  let before: number[] = []
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replace = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, replace)
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        next[j] = Math.min(next[j]!, before[j - 2]! + 1)
    }
    before = row
    row = next
  }
  return row[to.length]!
}

/** The names that `word` may have been meant to be, the nearest first. Case does not count. */
export function nearest(word: string, names: readonly string[], most = 1): string[] {
  const short = word.slice(0, 60).toLowerCase()
  return names
    .map((name) => ({ name, edits: distance(short, name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= Math.max(1, Math.floor(Math.max(short.length, name.length) * 0.4)))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, most)
    .map(({ name }) => name)
}

/** `did you mean think?`, or what there is to choose from. */
export function didYouMean(word: string, names: readonly string[]): string {
  const [name] = nearest(word, names)
  if (name !== undefined) return `did you mean ${name}?`
  return names.length > 0 ? `expected one of ${names.join(', ')}` : 'there is none to choose from'
}
