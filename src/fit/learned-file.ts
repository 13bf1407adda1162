import { type Document, isMap, isScalar, parseDocument } from 'yaml'
import type { Learned } from './learned.ts'

/** What a learned file is written from besides what was learned. */
export interface LearnedFileBase {
  readonly name: string
  /** A starter file: what nobody has measured is taken from it and called guessed. */
  readonly starter: string
  readonly target: Readonly<Record<string, unknown>>
  /** What the users said. */
  readonly say: readonly string[]
  /** A preset's name, where there is one for the model: its price. */
  readonly like?: string
  /** Where it comes from, for the comment at its head. */
  readonly learnedFrom: string
}

const leftOut = ['models', 'faults', 'phone', 'backlog']
const scenarioName = 'learned'

/** The workload file that says what was learned, with where each value comes from; what is left is guessed. */
export function learnedFile(base: LearnedFileBase, learned: Learned): string {
  const file = parseDocument(base.starter)
  file.commentBefore = headComment(base, learned)
  file.comment = null
  // A comment at the head belongs to the first key where no empty line stands between them.
  const first = isMap(file.contents) ? file.contents.items[0]?.key : undefined
  if (isScalar(first)) first.commentBefore = null
  if (isMap(file.contents)) file.contents.commentBefore = null
  for (const key of leftOut) file.delete(key)
  file.set('name', base.name)
  file.set('target', file.createNode(base.target))
  file.set('scenarios', file.createNode([scenario(base, learned)]))
  if (learned.tools.length > 0) file.setIn(['scenarios', 0, 'tools'], flow(file, learned.tools))
  file.set('model', file.createNode(modelSection(base, learned)))
  if (learned.tools.length > 0)
    file.set('tools', file.createNode(Object.fromEntries(learned.tools.map((name) => [name, {}]))))
  else file.delete('tools')
  for (const { path, value, from } of learned.fields) {
    const node = file.createNode(value, { flow: true })
    node.comment = ` measured, ${from}`
    file.setIn(path, node)
  }
  flowOverhead(file)
  // What a preset is called is no value of its own.
  const measured = learned.fields
    .filter(({ path }) => path.at(-1) !== 'like')
    .map(({ path }) => path.map((key) => (key === 0 ? scenarioName : String(key))).join('.'))
  const guessed = ['users', 'agent'].filter((key) => file.has(key))
  file.set('origins', { guessed: flow(file, guessed), measured: flow(file, measured) })
  return file.toString({ lineWidth: 110 })
}

const flow = (file: Document, list: readonly string[]) => file.createNode([...list], { flow: true })

/** Comments on its values need lines of their own. */
function flowOverhead(file: Document): void {
  for (const path of [
    ['agent', 'overhead'],
    ['model', 'input'],
    ['model', 'quota'],
  ]) {
    const node = file.getIn(path, true)
    if (isMap(node)) node.flow = false
  }
}

function scenario({ say }: LearnedFileBase, { tools }: Learned): Record<string, unknown> {
  return { name: scenarioName, say: [...say], depth: 1, ...(tools.length > 0 ? { tools: [] } : {}) }
}

function modelSection({ like }: LearnedFileBase, { model }: Learned): Record<string, unknown> {
  const named = like ?? model
  if (named === undefined) return { id: 'unknown' }
  return like === undefined ? { id: named } : { like, ...(model === undefined ? {} : { id: model }) }
}

function headComment({ learnedFrom }: LearnedFileBase, { notes }: Learned): string {
  return [
    ` Learned from ${learnedFrom}.`,
    ' What a comment calls measured was seen there; users and the server are guesses of a starter file.',
    ...notes.map((note) => ` Note: ${note}.`),
  ].join('\n')
}
