/** Longer ones are not read: what stands in each other is read by recursion. */
const longestPattern = 1000
const longestText = 4000

/**
 * A short text of at least so many characters that a pattern accepts; undefined where none was found. Alternatives and
 * assertions are not solved: a few texts are written, and the first one that the pattern accepts is taken.
 */
export function textForPattern(pattern: string, least: number): string | undefined {
  if (!compiled(pattern)) return undefined
  for (const alternative of [0, 1])
    for (const repeats of [0, 1, least]) {
      const text = new PatternReader(pattern, alternative, repeats).alternatives()
      if (text.length >= least && accepts(pattern, text)) return text
    }
  return undefined
}

/** Whether a pattern accepts a text. One that might backtrack for ever is not run, and taken to accept it. */
export function accepts(pattern: string, text: string): boolean {
  const expression = compiled(pattern)
  return expression !== undefined && (!isQuick(pattern, text) || expression.test(text))
}

const mostVariable = 3
const mostCharacters = 200

/** Few repetitions, none of them nested, in a short text: backtracking stays within a few million steps. */
function isQuick(pattern: string, text: string): boolean {
  const variable = pattern.replaceAll('(?', '(').match(/[*+?]|\{\d+,/g) ?? []
  return text.length <= mostCharacters && variable.length <= mostVariable && !/\)[*+{]/.test(pattern)
}

function compiled(pattern: string): RegExp | undefined {
  if (pattern.length > longestPattern) return undefined
  for (const flags of ['u', ''])
    try {
      return new RegExp(pattern, flags)
    } catch {
      // What is no pattern either way fits nothing.
    }
  return undefined
}

/** The characters that are tried where one of several may stand. */
const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
const candidates = ['1', 'a', 'A', ...ascii, '\n', 'é', '😀']

function oneOf(source: string): string {
  const expression = compiled(`^(?:${source})$`)
  return candidates.find((character) => expression?.test(character)) ?? ''
}

/** Reads a pattern from left to right and writes what it asks for. */
class PatternReader {
  readonly #pattern: string
  readonly #alternative: number
  readonly #repeats: number
  readonly #groups: string[] = []
  #at = 0
  #written = 0

  constructor(pattern: string, alternative: number, repeats: number) {
    this.#pattern = pattern
    this.#alternative = alternative
    this.#repeats = repeats
  }

  alternatives(): string {
    const all = [this.#sequence()]
    while (this.#takes('|')) all.push(this.#sequence())
    return all[Math.min(this.#alternative, all.length - 1)]!
  }

  #sequence(): string {
    let text = ''
    while (this.#at < this.#pattern.length && !/[|)]/.test(this.#pattern[this.#at]!)) {
      const unit = this.#unit()
      const [least, most] = this.#quantifier()
      const wanted = Math.min(most, Math.max(least, this.#repeats))
      for (let i = 0; i < wanted && unit !== '' && this.#written < longestText; i++) {
        this.#written += unit.length
        text += unit
      }
    }
    return text
  }

  #unit(): string {
    if (this.#takes('(')) return this.#group()
    const [source] = this.#match(
      /\[\^?(?:\\.|[^\]\\])*\]|\\[pPk][{<][^}>]*[}>]|\\u\{[^}]*\}|\\u.{4}|\\x..|\\.|[^]/suy,
    )
    if (source === undefined) return ''
    if (source === '^' || source === '$' || /^\\[bBk]/.test(source)) return ''
    if (/^\\[1-9]$/.test(source)) return this.#groups[Number(source[1]) - 1] ?? ''
    return /^(?:\[|\\[a-zA-Z0]|\.$)/.test(source) ? oneOf(source) : source.replace('\\', '')
  }

  #group(): string {
    const [head = ''] = this.#match(/\?(?:<?[=!]|[a-z-]*:|<[^>]*>)/y)
    const isKept = head === '' || /^\?<[^=!]/.test(head)
    const index = isKept ? this.#groups.push('') - 1 : -1
    const text = this.alternatives()
    this.#takes(')')
    if (isKept) this.#groups[index] = text
    return /[=!]$/.test(head) ? '' : text
  }

  #quantifier(): readonly [least: number, most: number] {
    const [, sign, from, comma, to] = this.#match(/(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y)
    if (sign === '?') return [0, 1]
    if (sign !== undefined) return [sign === '+' ? 1 : 0, Infinity]
    if (from === undefined) return [1, 1]
    return [Number(from), comma === undefined ? Number(from) : to ? Number(to) : Infinity]
  }

  #takes(character: string): boolean {
    const isNext = this.#pattern[this.#at] === character
    if (isNext) this.#at++
    return isNext
  }

  /** What comes next, where it is of this form. */
  #match(form: RegExp): readonly (string | undefined)[] {
    form.lastIndex = this.#at
    const match = form.exec(this.#pattern)
    if (match) this.#at += match[0].length
    return match ?? []
  }
}
