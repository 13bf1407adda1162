const leftOut = ' … (the rest of the line is left out)'

/**
 * Tells each line of a stream that is not empty, of a longer one so many characters: whoever prints without end fills no
 * memory. What is redrawn on one line, such as progress, is a line each time.
 */
export function readLines(
  stream: NodeJS.ReadableStream,
  mostCharacters: number,
  tell: (line: string) => void,
): void {
  let line = ''
  let isCut = false
  const end = (): void => {
    if (line !== '') tell(isCut ? line + leftOut : line)
    line = ''
    isCut = false
  }
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    for (const [i, part] of text.split(/[\r\n]+/).entries()) {
      if (i > 0) end()
      const room = mostCharacters - line.length
      line += part.slice(0, room)
      isCut ||= part.length > room
    }
  })
  stream.on('end', end)
}
