import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Range } from 'yaml'
import { type Path, pathText, type PlacedProblem, type Problem } from './problem.ts'
import { formatSize } from './units.ts'

/** What a YAML file says, as plain values, with the place of each. */
export interface Tree {
  /** Objects have no prototype; undefined when the file could not be read. */
  readonly root: unknown
  readonly problems: readonly Problem[]
  place(problem: PlacedProblem): Problem
}

/** Larger files are refused without being read. */
const largestSource = 1_000_000
const mostValues = 20_000
const deepest = 60
const mostSyntaxErrors = 20

/** Reads one YAML document; aliases are expanded within bounds. Never throws. */
export function readYaml(source: string): Tree {
  if (source.length > largestSource) {
    const message = `the file has ${formatSize(source.length)} characters; at most ${formatSize(largestSource)} are read`
    return unread([
      whole('too_large', message, { hint: 'traces and conversations belong in files of their own' }),
    ])
  }
  const bracket = tooDeep(source)
  const lines = new LineCounter()
  if (bracket) return unread([bracket])
  try {
    return new TreeReader(source, lines).read()
  } catch (error) {
    // The parser recurses: only its stack can fail here.
    if (!(error instanceof RangeError)) throw error
    return unread([whole('yaml_syntax', `nested more than ${deepest} levels deep`)])
  }
}

const whole = (code: Problem['code'], message: string, more: Partial<Problem> = {}): Problem => ({
  severity: 'error',
  code,
  message,
  path: '',
  ...more,
})

const unread = (problems: readonly Problem[]): Tree => ({
  root: undefined,
  problems,
  place: ({ path, code, message }) => whole(code, message, { path: pathText(path) }),
})

/** Brackets in a row beyond any sensible depth would take the parser quadratic time. */
function tooDeep(source: string): Problem | undefined {
  let depth = 0
  for (let i = 0; i < source.length; i++) {
    const c = source.charCodeAt(i)
    if (c === 0x5b || c === 0x7b) depth++
    else if (c === 0x5d || c === 0x7d) depth = Math.max(0, depth - 1)
    if (depth > 1000) return whole('yaml_syntax', 'more than 1000 brackets are open at once')
  }
  return undefined
}

const syntaxText = (message: string): string =>
  message.includes('call stack') ? 'nested too deeply to be read' : `not YAML: ${message.split('\n')[0]}`

/** What most often breaks the YAML of a workload. */
function syntaxHint(line: string): string | undefined {
  if (line.includes('${')) return 'quote a text that holds ${...}: "Bearer ${env:NAME}"'
  if (/\[\s*\[/.test(line)) return 'quote an objective that begins with a scenario: "[faq] turn p95 < 10s"'
  return undefined
}

interface Place {
  readonly key: number
  readonly value: number
}

class TreeReader {
  readonly #source: string
  readonly #lines: LineCounter
  readonly #places = new Map<string, Place>()
  readonly #anchors = new Map<string, Node>()
  readonly #problems: Problem[] = []
  #values = 0
  #aliases = 0
  #stopped = false

  constructor(source: string, lines: LineCounter) {
    this.#source = source
    this.#lines = lines
  }

  read(): Tree {
    const document = parseDocument(this.#source, {
      lineCounter: this.#lines,
      prettyErrors: false,
      logLevel: 'error',
      stringKeys: false,
    })
    for (const error of document.errors.slice(0, mostSyntaxErrors)) {
      const code =
        error.code === 'DUPLICATE_KEY'
          ? 'duplicate_key'
          : error.code === 'MULTIPLE_DOCS'
            ? 'yaml_documents'
            : 'yaml_syntax'
      const message =
        code === 'yaml_documents'
          ? 'the file holds more than one document'
          : code === 'duplicate_key'
            ? 'the same key stands here twice'
            : syntaxText(error.message)
      const hint =
        code === 'yaml_documents'
          ? 'keep one workload a file; remove the line ---'
          : code === 'yaml_syntax'
            ? syntaxHint(this.#lineAt(error.pos[0]))
            : undefined
      this.#report(code, message, error.pos[0], hint)
    }
    const readable = document.errors.every((error) => error.code === 'DUPLICATE_KEY')
    const contents = document.contents as Node | null
    const root = readable && contents ? this.#value(contents, [], undefined, []) : undefined
    if (readable && (root === undefined || root === null) && !this.#stopped)
      this.#problems.push(
        whole('missing', 'the file is empty', { hint: 'plimsoll init writes a commented starter file' }),
      )
    return {
      root: this.#stopped || root === null ? undefined : root,
      problems: this.#problems,
      place: (problem) => this.#place(problem),
    }
  }

  #lineAt(offset: number): string {
    const from = this.#source.lastIndexOf('\n', offset - 1) + 1
    const to = this.#source.indexOf('\n', offset)
    return this.#source.slice(from, Math.min(to < 0 ? Infinity : to, from + 1000))
  }

  #report(code: Problem['code'], message: string, offset: number, hint?: string, path: Path = []): void {
    const { line, col: column } = this.#lines.linePos(offset)
    const last = this.#problems.at(-1)
    if (last && last.line === line && last.column === column && last.message === message) return
    this.#problems.push(
      whole(code, message, { path: pathText(path), line, column, ...(hint ? { hint } : {}) }),
    )
  }

  #place({ path, atKey, severity, code, message, hint }: PlacedProblem): Problem {
    const problem = { ...whole(code, message, { path: pathText(path) }), ...(hint ? { hint } : {}) }
    const place = this.#nearestPlace(path)
    const { line, col: column } = place
      ? this.#lines.linePos(atKey ? place.key : place.value)
      : { line: undefined, col: undefined }
    return {
      ...problem,
      severity: severity ?? 'error',
      ...(line === undefined ? {} : { line, column }),
    }
  }

  /** What the file does not write is reported at the section that should hold it. */
  #nearestPlace(path: Path): Place | undefined {
    for (let length = path.length; length > 0; length--) {
      const place = this.#places.get(pathText(path.slice(0, length)))
      if (place) return place
    }
    return { key: 0, value: 0 }
  }

  #value(node: Node | null, path: Path, key: Node | undefined, open: readonly Node[]): unknown {
    if (this.#stopped || !this.#allowed(node, path)) return undefined
    const start = (of: Node | null | undefined): number | undefined => (of?.range as Range | undefined)?.[0]
    const value = start(node) ?? start(key) ?? 0
    if (!this.#places.has(pathText(path)))
      this.#places.set(pathText(path), { key: start(key) ?? value, value })
    if (node === null) return null
    if (isAlias(node)) return this.#alias(node.source, value, path, key, open)
    if ('anchor' in node && node.anchor) this.#anchors.set(node.anchor, node)
    if (isScalar(node)) return typeof node.value === 'bigint' ? Number(node.value) : node.value
    const inside = [...open, node]
    if (isSeq(node))
      return node.items.map((item, i) => this.#value(item as Node | null, [...path, i], undefined, inside))
    if (!isMap(node)) return undefined
    const object = Object.create(null) as Record<string, unknown>
    for (const pair of node.items) {
      const name = pair.key as Node | null
      if (!isScalar(name)) {
        this.#report('yaml_syntax', 'a key must be a plain word', start(name) ?? value, undefined, path)
        continue
      }
      const word = name.source ?? String(name.value)
      if (word === '__proto__') {
        this.#report('unknown_key', 'unknown key __proto__', start(name) ?? value, undefined, path)
        continue
      }
      object[word] = this.#value(pair.value as Node | null, [...path, word], name, inside)
    }
    return object
  }

  #alias(source: string, offset: number, path: Path, key: Node | undefined, open: readonly Node[]): unknown {
    this.#aliases++
    const target = this.#anchors.get(source)
    if (!target) {
      this.#report('yaml_alias', `there is no anchor &${source} before this alias`, offset, undefined, path)
      return undefined
    }
    if (open.includes(target)) {
      this.#report('yaml_alias', `alias *${source} contains itself`, offset, undefined, path)
      this.#stopped = true
      return undefined
    }
    return this.#value(target, path, key, open)
  }

  #allowed(node: Node | null, path: Path): boolean {
    const tooMany = ++this.#values > mostValues
    if (!tooMany && path.length <= deepest) return true
    this.#stopped = true
    const offset = (node?.range as Range | undefined)?.[0] ?? 0
    if (!tooMany) this.#report('yaml_syntax', `nested more than ${deepest} levels deep`, offset)
    else if (this.#aliases > 0)
      this.#report(
        'yaml_alias',
        `aliases expand to more than ${mostValues} values`,
        offset,
        'write the values out',
      )
    else this.#report('too_large', `the file holds more than ${mostValues} values`, offset)
    return false
  }
}
