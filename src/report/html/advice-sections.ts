import type { Capacity, Sensitivity } from '../../result/capacity.ts'
import type { Run } from '../../result/run.ts'
import { inUnit, loadUnit } from '../../result/load-words.ts'
import { isWronglyAssumed } from '../agreement.ts'
import type { Answer } from '../answers.ts'
import { formatChange, formatCount, formatShare } from '../../result/figure-text.ts'
import { type Bar, bars } from './bars.ts'
import { fieldPath, type Markup, markup } from './markup.ts'
import { table, tableBehind } from './tables.ts'

/** Beyond these an input hardly matters. */
const mostInputs = 10

/** How much the capacity moves when an input is a tenth larger: the longest bars are what to measure first. */
export function sensitivitySection(answers: readonly Answer[]): Markup | undefined {
  const capacity = answers
    .map((answer) => answer.capacity)
    .find((candidate) => candidate?.sensitivity && candidate.sensitivity.length > 0)
  if (!capacity?.sensitivity) return undefined
  const sorted = capacity.sensitivity
    .toSorted((one, other) => Math.abs(other.elasticity) - Math.abs(one.elasticity))
    .slice(0, mostInputs)
  const largest = Math.max(...sorted.map((input) => Math.abs(input.elasticity)), Number.MIN_VALUE)
  const list = sorted.map((input) => sensitivityBar(input, capacity, largest))
  return markup`<section><h2>What the answer hangs on</h2><p>${loadUnit(capacity) === 'users' ? 'Users' : `Of ${loadUnit(capacity)},`} gained or lost when the input is 10&nbsp;% larger. Guessed inputs with long bars are the ones to measure.</p>${bars(list, 'Sensitivity', 'above')}</section>`
}

function sensitivityBar(input: Sensitivity, capacity: Capacity, largest: number): Bar {
  const users = (1.1 ** input.elasticity - 1) * inUnit(capacity)
  const width = (Math.abs(input.elasticity) / largest) * 48
  const text = gained(Math.abs(users) < 10 ? Number(users.toFixed(1)) : Math.round(users))
  const guessed = input.origin === 'guessed'
  return {
    name: markup`<code>${fieldPath(input.field)}</code><span class="tag ${guessed ? 'warn' : 'dim'}">${input.origin}</span>`,
    value: text,
    spoken: `${input.field}, ${input.origin}: ${text} ${loadUnit(capacity)}`,
    parts: [
      {
        from: input.elasticity < 0 ? 50 - width : 50,
        width,
        fill: input.elasticity < 0 ? 'f-warn' : 'f-accent',
      },
    ],
    zeroAt: 50,
  }
}

/** What the file says of the agent against what the agent did. */
export function assumedSection({ summary }: Answer): Markup | undefined {
  const fields = summary?.assumed ?? []
  if (fields.length === 0) return undefined
  const rows = fields.map((field) => [
    markup`<code>${fieldPath(field.field)}</code>`,
    formatCount(field.assumed),
    formatCount(field.observed),
    markup`<span class="${isWronglyAssumed(field) ? 'warn' : ''}">${formatChange(field.ratio - 1)}</span>`,
  ])
  return markup`<section><h2>Assumed against observed</h2><p>The agent decides these. More than 10&nbsp;% apart, the observed value belongs into the file.</p>${table({ label: 'Assumed against observed', head: ['field', 'assumed', 'observed', 'apart'], rows })}</section>`
}

/** Where the inputs of the file come from. */
export function inputsSection(run: Run): Markup | undefined {
  const { inputs } = run.workload
  const origins = ['measured', 'given', 'preset', 'guessed'] as const
  const total = origins.reduce((count, origin) => count + inputs[origin], 0)
  if (total === 0) return undefined
  const fills = { measured: 'p-2', given: 'p-0', preset: 'p-4', guessed: 'p-1' }
  const list = origins.map((origin): Bar => ({
    name: origin,
    value: formatCount(inputs[origin]),
    spoken: `${origin}: ${inputs[origin]} of ${total}`,
    parts: [{ from: 0, width: (inputs[origin] / total) * 100, fill: fills[origin] }],
  }))
  return markup`<section><h2>Where the inputs come from</h2><p>${`${formatCount(total)} values; ${formatShare(inputs.guessed / total)} of them are guesses.`}</p>${bars(list, 'Inputs by origin')}${run.workload.origins ? tableBehind({ label: 'Inputs', head: ['input', 'origin'], rows: byOrigin(run) }) : undefined}</section>`
}

/** What is least sure comes first. */
function byOrigin({ workload }: Run): Markup[][] {
  const order = ['guessed', 'preset', 'given', 'measured']
  return Object.entries(workload.origins ?? {})
    .toSorted(([, a], [, b]) => order.indexOf(a) - order.indexOf(b))
    .map(([path, origin]) => [
      markup`<code>${fieldPath(path)}</code>`,
      markup`<span class="${origin === 'guessed' ? 'warn' : ''}">${origin}</span>`,
    ])
}

function gained(users: number): string {
  return users > 0 ? `+${formatCount(users)}` : users < 0 ? `−${formatCount(-users)}` : '0'
}
