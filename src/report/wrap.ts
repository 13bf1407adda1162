import stringWidth from 'string-width'

const breakable = /(?<!<) +(?!(?:%|ms|s|min|h)(?![\w/]))/

/** Breaks a text at spaces into lines of at most `width` columns; a number keeps its unit and its `<`, a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(breakable)) {
    if (line !== '' && stringWidth(line) + 1 + stringWidth(word) > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}
