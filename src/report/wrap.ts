const breakable = / +(?!(?:%|ms|s|min|h)(?![\w/]))/

/** Breaks a text at spaces into lines of at most `width` characters; a number keeps its unit, a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(breakable)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}
