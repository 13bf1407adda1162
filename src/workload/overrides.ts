import { didYouMean } from './nearest.ts'
import { Mistake } from './mistake.ts'
import { type Path, pathText, type Problem } from './problem.ts'
import { readYaml } from './read-yaml.ts'

/** A field of the file in other words: `scenarios.faq.depth` becomes 3. */
export interface Override {
  readonly path: string
  readonly value: string
  /** The flag that mistakes name; `--set` where absent. */
  readonly flag?: string
}

/** Where an override wrote. */
export interface Written {
  readonly path: string
  readonly flag: string
}

const usualFlag = '--set'

type Container = Record<string | number, unknown>

/** Writes the overrides into the tree; answers what could not be written, and which paths were, by which flag. */
export function applyOverrides(
  root: object,
  overrides: readonly Override[],
): { problems: Problem[]; written: Written[] } {
  const problems: Problem[] = []
  const written: Written[] = []
  const report = ({ path, flag = usualFlag }: Override, { code, message, hint }: Mistake): void => {
    problems.push({
      severity: 'error',
      code,
      message: `${flag} ${path}: ${message}`,
      path,
      ...(hint ? { hint } : {}),
    })
  }
  const tree = root as Container
  // A file without scenarios has one, called default. Like all that is read, it has no prototype to write into.
  if (tree['scenarios'] === undefined && overrides.some(({ path }) => path.startsWith('scenarios')))
    tree['scenarios'] = [Object.assign(Object.create(null) as Container, { name: 'default' })]
  for (const override of overrides) {
    try {
      const parts = pathOf(root, override.path)
      write(tree, parts, valueOf(override.value))
      written.push({ path: pathText(parts), flag: override.flag ?? usualFlag })
    } catch (error) {
      if (!(error instanceof Mistake)) throw error
      report(override, error)
    }
  }
  return { problems, written }
}

/** A value in YAML; `null` takes the field out. The value is not repeated in messages: it may be a secret. */
function valueOf(text: string): unknown {
  if (text.trim() === 'null') return undefined
  const { root } = readYaml(text)
  if (root === undefined)
    throw new Mistake('bad_override', 'the value is empty or not YAML', 'null takes a field out')
  return root
}

/**
 * The keys of a path as people write it: dots between keys, `[n]` or `.n` for entries of a list, and a scenario
 * by its name. Keys with dots in them win over shorter ones, so that `models.gpt-4.1.ttft` is found. Throws a
 * `Mistake`.
 */
export function pathOf(root: unknown, text: string): (string | number)[] {
  const parts: (string | number)[] = []
  let rest = text.trim()
  let at: unknown = root
  while (rest !== '') {
    const [part, after] = nextPart(at, rest, text)
    parts.push(part)
    rest = after.startsWith('.') ? after.slice(1) : after
    at = typeof at === 'object' && at !== null ? (at as Container)[part] : undefined
  }
  if (parts.length === 0 || parts.includes('')) throw new Mistake('bad_override', 'is not a path', example)
  return parts
}

const example = 'such as agent.workers, model.quota.tpm or scenarios.faq.depth'

function nextPart(at: unknown, rest: string, text: string): [part: string | number, rest: string] {
  const index = /^\[?(\d{1,6})\]?(?=[.[]|$)/.exec(rest)
  if (index && (rest.startsWith('[') || Array.isArray(at))) {
    const length = Array.isArray(at) ? at.length : 0
    if (Number(index[1]) >= length)
      throw new Mistake('bad_override', `there is no entry ${index[1]}`, `the list has ${length}`)
    return [Number(index[1]), rest.slice(index[0].length)]
  }
  const names = Array.isArray(at)
    ? at.map(nameOf)
    : Object.keys(typeof at === 'object' && at !== null ? at : {})
  const found = names
    .map((name, i) => ({ name, i }))
    .filter(({ name }) => name !== '' && rest.startsWith(name) && /^(?:[.[]|$)/.test(rest.slice(name.length)))
    .sort((a, b) => b.name.length - a.name.length)[0]
  if (found) return [Array.isArray(at) ? found.i : found.name, rest.slice(found.name.length)]
  const word = /^[^.[]*/.exec(rest)![0]
  if (Array.isArray(at))
    throw new Mistake('unknown_name', `${word} is not in the list`, didYouMean(word, names))
  if (word === '') throw new Mistake('bad_override', `${text} is not a path`, example)
  return [word, rest.slice(word.length)]
}

function nameOf(entry: unknown): string {
  const name = typeof entry === 'object' && entry !== null ? (entry as { name?: unknown }).name : undefined
  return typeof name === 'string' ? name : ''
}

function write(root: Container, path: Path, value: unknown): void {
  let at = root
  for (const part of path.slice(0, -1)) {
    const next = at[part]
    if (typeof next === 'object' && next !== null) at = next as Container
    else {
      const made = Object.create(null) as Container
      at[part] = made
      at = made
    }
  }
  const last = path.at(-1)!
  if (value !== undefined) at[last] = value
  else if (Array.isArray(at)) at.splice(Number(last), 1)
  else delete at[last]
}
