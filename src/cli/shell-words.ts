/**
 * A command as a POSIX shell splits it into words, with `$'…'` as browsers' "copy as cURL" writes it. Nothing is
 * expanded and nothing runs.
 */
export function shellWords(command: string): string[] {
  const words: string[] = []
  let word: string | undefined
  const part =
    /\\\r?\n|\\([^])|'([^']*)'|\$'((?:[^'\\]|\\[^])*)'|"((?:[^"\\]|\\[^])*)"|(\s+)|([^\s\\'"]+?(?=\$'|[\s\\'"]|$)|\$)/gy
  for (let match = part.exec(command); match; match = part.exec(command)) {
    const [, escaped, single, ansi, double, space, plain] = match
    if (space !== undefined) {
      if (word !== undefined) words.push(word)
      word = undefined
      continue
    }
    const text = escaped ?? single ?? plain ?? (ansi === undefined ? undefined : ansiText(ansi))
    const unquoted = text ?? double?.replace(/\\(?:\r?\n|([$`"\\]))/g, (_, mark?: string) => mark ?? '')
    if (unquoted !== undefined) word = (word ?? '') + unquoted
    if (part.lastIndex >= command.length) break
  }
  if (word !== undefined) words.push(word)
  return words
}

const ansiMarks: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' }

function ansiText(text: string): string {
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([^]))/g,
    (_, unicode?: string, hex?: string, mark?: string) =>
      mark === undefined ? String.fromCharCode(parseInt((unicode ?? hex)!, 16)) : (ansiMarks[mark] ?? mark),
  )
}
