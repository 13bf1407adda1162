import { formatExact } from '../result/figure-text.ts'
import type { Derivation } from '../result/derivation.ts'
import { explainBesides } from '../plan/explain-besides.ts'
import { explain } from '../plan/explain.ts'
import type { Found } from '../plan/explain-capacity.ts'
import { clean } from '../report/clean.ts'
import { textTable } from '../report/text-table.ts'
import { wrap } from '../report/wrap.ts'
import { type Level, levelText } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { UserError } from './exit-codes.ts'
import { inputCount } from './inputs.ts'

/** What `plan --explain` answers; `--json` prints it. */
export interface Explanation {
  readonly format: 1
  readonly origin: 'solved'
  readonly workload: { readonly name: string; readonly hash: string }
  /** Absent where the file knows calls by telephone and no other users. */
  readonly level?: Level
  readonly derivations: readonly Derivation[]
}

/** The derivations of one figure, by its name or a part of it, or of all. A UserError where none has that name. */
export function explanationOf(
  workload: Workload,
  level: Level | undefined,
  figure: string | undefined,
  headroom: number,
  found?: Found,
): Explanation {
  const all = [
    ...(level ? explain(workload, level, found) : []),
    ...explainBesides(workload, headroom, found?.asked ? undefined : found?.capacity),
    inputsDerivation(workload),
  ]
  const derivations = figure === undefined ? all : named(all, figure)
  if (derivations.length === 0)
    throw new UserError(`--explain ${figure}: the plan has no such figure`, {
      hint: `one of ${namesOf(all)}`,
    })
  const { name, hash } = workload
  return { format: 1, origin: 'solved', workload: { name, hash }, ...(level ? { level } : {}), derivations }
}

/** How many values of the file there are, by where they come from. */
function inputsDerivation(workload: Workload): Derivation {
  const counts = inputCount(workload)
  const inputs = Object.entries(counts).map(([name, value]) => ({ name, value, unit: 'inputs' }))
  return {
    figure: 'inputs',
    formula: 'every value of the file that the answer rests on, counted by its origin',
    inputs,
    result: inputs.reduce((sum, { value }) => sum + value, 0),
    unit: 'inputs',
    source: 'the file and its origins',
    exact: true,
  }
}

const mostNames = 25

function namesOf(all: readonly Derivation[]): string {
  const names = all.map(({ figure }) => figure)
  return names.length <= mostNames
    ? names.join(', ')
    : `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more, which --explain alone tells`
}

/** The figure of that name, else all that have it in theirs: `quota` is of every quota. */
function named(all: readonly Derivation[], figure: string): Derivation[] {
  const plain = (text: string): string =>
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, ' ')
      .trim()
  const asked = plain(figure)
  if (asked === '') return []
  const same = all.filter((each) => plain(each.figure) === asked)
  return same.length > 0 ? same : all.filter((each) => plain(each.figure).includes(asked))
}

/** A block for each figure: formula, inputs, source. */
export function explanationText(explanation: Explanation, width: number): string {
  const { workload, level, derivations } = clean(explanation)
  return [
    `  ${workload.name} at ${level ? levelText(level) : 'its busiest hour'}`,
    ...derivations.map((each) => blockOf(each, width)),
  ].join('\n\n')
}

function blockOf(
  { figure, formula, inputs, result, unit, source, exact }: Derivation,
  width: number,
): string {
  return [
    `  ${figure} = ${formatExact(result)} ${unit}${exact ? '' : ' (approximate)'}`,
    ...labelled('formula', wrap(formula, width - 14)),
    ...labelled(
      'inputs',
      textTable({
        head: [],
        left: [0, 1],
        rows: inputs.map((each) => [each.name, `${formatExact(each.value)} ${each.unit}`]),
      }),
    ),
    ...labelled('source', wrap(source, width - 14)),
  ].join('\n')
}

function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `    ${(index === 0 ? label : '').padEnd(8)}  ${line}`)
}
