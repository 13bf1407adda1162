import { formatMs, formatShare, formatUsd } from '../figure-text.ts'
import type { InputCount, VerdictLine } from '../run.ts'
import type { Summary } from '../summary.ts'
import type { LevelUncertainty } from '../uncertainty.ts'
import { inputsText, originWord, strongestOf, tenthMoreText } from './how-sure.ts'
import { fieldText, listText } from './words.ts'

/** What the answer at a level rests on: how wide the ranges of the file make it, and how sure it is. */
export function atLevel(summary: Summary, inputs: InputCount): VerdictLine[] {
  const { uncertainty } = summary
  return [
    ...(uncertainty ? [{ label: 'how wide', text: wideText(uncertainty) }] : []),
    { label: 'how sure', text: sureText(summary, inputs) },
  ]
}

function wideText(uncertainty: LevelUncertainty): string {
  const { objective, metric, value, holds, draws, impossible, covers, inputs, perTurnUsd } = uncertainty
  const text = metric === 'errors' ? formatShare : formatMs
  const ranges = inputs.length === 1 ? 'the range' : `the ${inputs.length} ranges`
  const ends = inputs.length === 1 ? 'its' : 'their'
  const [first] = inputs
  const wide = `"${objective}" lies between ${text(value.low)} and ${text(value.high)} (${covers} from ${ranges} of the file; ${text(value.least)} to ${text(value.most)} at ${ends} best and worst)`
  const hangs = first
    ? `: hangs most on ${fieldText(first.path)}, ${first.low}..${first.high} (${text(Math.min(first.valueAtLow, first.valueAtHigh))} to ${text(Math.max(first.valueAtLow, first.valueAtHigh))} by itself)`
    : ''
  const usd = perTurnUsd ? [perTurnUsd.low, perTurnUsd.high].map(formatUsd) : []
  const price = usd.length > 0 && usd[0] !== usd[1] ? `; ${usd[0]} to ${usd[1]} a turn` : ''
  return `${wide}${hangs}; all objectives hold in ${holds} of ${draws - impossible} draws${price}`
}

function sureText({ approximate, hangsOn }: Summary, counts: InputCount): string {
  const each = strongestOf(hangsOn?.inputs ?? []).map(
    (input, i) =>
      `${fieldText(input.field)} (${originWord(input)}; ${i === 0 ? '10 % more of it: ' : ''}${tenthMoreText(input)})`,
  )
  return [
    `solved${approximate ? ' (approximately)' : ''}, not measured`,
    inputsText(counts),
    each.length > 0 ? `"${hangsOn!.objective}" hangs most on ${listText(each)}` : '',
  ]
    .filter((part) => part !== '')
    .join('; ')
}
