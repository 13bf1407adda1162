import type { CallRecord } from '../../src/result/records.ts'
import { intendedDepths } from './world.ts'

/** What a script says of one check, as a line of JSON. */
export interface Told {
  readonly name: string
  /** Why it does not hold. */
  readonly failed?: string
  /** Of a loop: its sessions from `first` on, and how many of their turns took how many model calls. */
  readonly first?: number
  readonly turns?: number
  readonly depths?: Readonly<Record<string, number>>
  readonly seconds?: number
}

export interface Verdict {
  readonly ok: boolean
  readonly text: string
}

/** Chi-square with 2 degrees of freedom exceeds it once in a thousand seeds; the provider's is fixed. */
const critical = 13.8
/** Fewer turns than these say nothing by their distribution. */
const fewestTurns = 50

/** Whether a check holds, by what its script told and what the provider wrote down. */
export function judge(told: Told, records: readonly CallRecord[]): Verdict {
  const { name, failed, depths, first, turns, seconds } = told
  if (failed !== undefined) return { ok: false, text: `${name}: ${failed}` }
  if (!depths || first === undefined || turns === undefined) return { ok: true, text: name }
  const chiSquare = Object.entries(intendedDepths).reduce(
    (sum, [depth, share]) => sum + ((depths[depth] ?? 0) - share * turns) ** 2 / (share * turns),
    0,
  )
  const others = Object.keys(depths).filter((depth) => !(depth in intendedDepths))
  const isRare = turns >= fewestTurns && chiSquare >= critical
  const uneven = unevenTurns(records, first, turns)
  const counts = Object.keys(intendedDepths).map((depth) => `${depth}: ${depths[depth] ?? 0}`)
  const words = [
    `${counts.join(', ')} of ${turns} turns`,
    ...(turns >= fewestTurns
      ? [`chi-square ${chiSquare.toFixed(1)} ${isRare ? '>=' : '<'} ${critical}`]
      : []),
    ...(others.length > 0 ? [`also ${others.join(', ')}`] : []),
    uneven === 0 ? 'each as deep as drawn' : `${uneven} not as deep as drawn`,
    ...(seconds === undefined ? [] : [`${seconds.toFixed(1)} s`]),
  ]
  return { ok: !isRare && others.length === 0 && uneven === 0, text: `${name}: ${words.join(', ')}` }
}

/** Turns whose root loop did not take each of its steps once: none was left out, none was tried again. */
function unevenTurns(records: readonly CallRecord[], first: number, turns: number): number {
  const steps = new Map<number, CallRecord[]>()
  for (const record of records) {
    if (record.kind !== 'model' || record.step === 0) continue
    steps.set(record.session, [...(steps.get(record.session) ?? []), record])
  }
  let uneven = 0
  for (let session = first; session < first + turns; session++) {
    const taken = (steps.get(session) ?? []).toSorted((a, b) => a.step - b.step)
    const isEven = taken.length > 0 && taken.every(({ step }, index) => step === index + 1)
    if (!isEven || taken.length !== taken[0]!.depth) uneven++
  }
  return uneven
}

/** Whether every call joined a turn, and none failed that was not made to. */
export function judgeRecords(script: string, records: readonly CallRecord[]): Verdict {
  const unjoined = records.filter(({ joinedBy }) => joinedBy === 'none').length
  const failed = records.filter(
    ({ outcome, errorKind, fault }) =>
      outcome !== 'completed' && errorKind !== 'rate_limited' && fault === undefined,
  ).length
  const inner = records.filter(({ kind, step }) => kind === 'model' && step === 0).length
  const words = [
    `${records.length} calls`,
    ...(inner > 0 ? [`${inner} of them beside the root loop`] : []),
    `${unjoined} without a turn`,
    `${failed} failed on their own`,
  ]
  return { ok: unjoined === 0 && failed === 0, text: `${script}: ${words.join(', ')}` }
}
