import type { AssumedField } from '../result/summary.ts'
import { levelValue } from '../workload/level.ts'
import { type Answer, isInvalid, levelUnit } from './answers.ts'
import { formatChange, formatCount, formatShare } from '../result/figure-text.ts'

/** Beyond this, assumed and observed differ and answers are not called agreeing (DESIGN §1). */
const toleratedShare = 0.1

export interface Agreement {
  readonly agrees: boolean
  readonly sentence: string
}

/** Whether the engines say the same, in one sentence; absent where there are not two answers to compare. */
export function agreementOf(answers: readonly Answer[]): Agreement | undefined {
  const usable = answers.filter((answer) => answer.capacity && !isInvalid(answer))
  const values = usable.map(({ capacity }) => (capacity ? levelValue(capacity.level) : 0))
  if (values.length < 2) return undefined
  const low = Math.min(...values)
  const high = Math.max(...values)
  const spread = low > 0 ? high / low - 1 : Infinity
  const list = usable.map((answer, index) => `${answer.origin} ${formatCount(values[index])}`).join(', ')
  const gap = !Number.isFinite(spread)
    ? 'differ'
    : `${spread <= toleratedShare ? 'lie within' : 'differ by'} ${formatShare(spread)}`
  const wrong = wronglyAssumed(answers)
  if (wrong.length > 0) {
    const fields = wrong.map((field) => `${field.field} (${formatChange(field.ratio - 1)})`).join(', ')
    const sentence = `The answers ${gap} (${list}), and are not called agreeing: the agent is more than 10 % away from what the file assumes for ${fields}.`
    return { agrees: false, sentence }
  }
  if (spread <= toleratedShare) {
    const count = values.length === 2 ? 'Both' : values.length === 3 ? 'All three' : `All ${values.length}`
    const span = low === high ? formatCount(low) : `${formatCount(low)} to ${formatCount(high)}`
    return {
      agrees: true,
      sentence: `${count} answers agree within ${formatShare(spread)}: ${span} ${levelUnit(usable[0])}.`,
    }
  }
  return { agrees: false, sentence: `The answers ${gap} (${list}): that difference is the finding.` }
}

/** Fields that the agent decides and where the file is off by more than a tenth. */
export function wronglyAssumed(answers: readonly Answer[]): AssumedField[] {
  const fields = answers.flatMap((answer) => answer.summary?.assumed ?? [])
  return [...new Map(fields.filter(isWronglyAssumed).map((field) => [field.field, field])).values()]
}

/** More than a tenth apart. */
export function isWronglyAssumed(field: AssumedField): boolean {
  return !(Math.abs(field.ratio - 1) <= toleratedShare + 1e-9)
}
