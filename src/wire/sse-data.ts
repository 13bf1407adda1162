/** The data of server-sent events, from a stream that comes in pieces; an endless line is given up. */
export class SseData {
  readonly #see: (data: string) => void
  readonly #decoder = new TextDecoder()
  #rest = ''

  constructor(see: (data: string) => void) {
    this.#see = see
  }

  write(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split(/\r\n|\n|\r/)
    this.#rest = lines.pop()!
    if (this.#rest.length > longestLine) this.#rest = ''
    for (const line of lines) this.#line(line)
  }

  end(): void {
    this.#line(this.#rest)
    this.#rest = ''
  }

  #line(line: string): void {
    if (line.startsWith('data:')) this.#see(line.slice(5).trim())
  }
}

const longestLine = 16 * 1024 * 1024
