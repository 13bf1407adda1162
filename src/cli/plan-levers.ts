import { callCapacity } from '../plan/phone/call-capacity.ts'
import { planCapacity } from '../plan/plan.ts'
import { clean } from '../report/clean.ts'
import { leverLines } from '../report/lever-lines.ts'
import type { Palette } from '../report/palette.ts'
import type { Capacity } from '../result/capacity.ts'
import { loadText } from '../result/load-words.ts'
import type { Workload } from '../workload/workload.ts'

/** What `plan --levers` answers; `--json` prints it. */
export interface LeversAnswer extends Pick<
  Capacity,
  'origin' | 'level' | 'phone' | 'runAt' | 'bottleneck' | 'next' | 'advice' | 'tried' | 'pairs'
> {
  readonly format: 1
  readonly workload: { readonly name: string; readonly hash: string }
}

/** Every change to the file that the plan tries, ranked by what it carries and what that costs. */
export function leversOf(workload: Workload, headroom: number): LeversAnswer {
  const capacity = workload.phone?.alone
    ? callCapacity(workload, headroom)
    : planCapacity(workload, { headroom })
  const { origin, level, phone, runAt, bottleneck, next, advice, tried, pairs } = capacity
  return {
    format: 1,
    workload: { name: workload.name, hash: workload.hash },
    origin,
    level,
    ...(phone ? { phone } : {}),
    runAt,
    ...(bottleneck ? { bottleneck } : {}),
    ...(next ? { next } : {}),
    ...(advice ? { advice } : {}),
    ...(tried ? { tried } : {}),
    ...(pairs ? { pairs } : {}),
  }
}

/** A table with a tornado for people. */
export function leversText(dirty: LeversAnswer, width: number, palette?: Palette): string {
  const answer = clean(dirty)
  const { workload, advice } = answer
  const lines = advice
    ? leverLines({ ...answer, probes: [] }, width - 2, palette)
    : ['no limit was found, so there is nothing to lift']
  const text = [`${workload.name} at ${loadText(answer)}`, '', ...lines]
  return `\n${text.map((line) => `  ${line}`.trimEnd()).join('\n')}\n`
}
