import { faultNamed, type FaultName, modelFaults, notOfSpeech, speechFaultTargets } from './fault.ts'
import { understood } from './mistake.ts'
import { didYouMean } from './nearest.ts'
import type { PlacedProblem } from './problem.ts'
import { readDuration, shown } from './quantity.ts'
import { isSection, list, type Section } from './sections.ts'

/** Names of what the faults may stand on. */
export interface FaultTargets {
  readonly models: readonly string[]
  readonly tools: readonly string[]
}

/** Which fault takes which key, beside those that all take. */
export const faultsThatTake: Readonly<Record<string, readonly string[]>> = {
  for: ['stall', 'timeout', 'slowFirstByte'],
  at: ['stall', 'cut'],
  retryAfter: ['429', '503', '529'],
}

/** What no single field of a fault can know. */
export function checkFaults(faults: unknown, targets: FaultTargets): PlacedProblem[] {
  return list(faults).flatMap((fault, i) => (isSection(fault) ? checkOne(fault, i, targets) : []))
}

function checkOne(section: Section, i: number, targets: FaultTargets): PlacedProblem[] {
  const name = faultNamed(section['fault'])
  const problem = (
    code: PlacedProblem['code'],
    key: string,
    message: string,
    hint?: string,
  ): PlacedProblem => ({ code, message: `faults[${i}].${key}: ${message}`, hint, path: ['faults', i, key] })
  const problems = Object.entries(faultsThatTake).flatMap(([key, names]) =>
    section[key] === undefined || name === undefined || names.includes(name)
      ? []
      : [problem('contradiction', key, `${name} takes no ${key}`, `it goes with ${names.join(', ')}`)],
  )
  if (name === 'slowFirstByte' && section['for'] === undefined)
    problems.push(problem('missing', 'for', 'how slow the first byte is', 'such as for: 5s'))
  return [...problems, ...checkTarget(section, name, targets, problem), ...checkSchedule(section, problem)]
}

type NewProblem = (code: PlacedProblem['code'], key: string, message: string, hint?: string) => PlacedProblem

function checkTarget(
  { on }: Section,
  name: FaultName | undefined,
  { models, tools }: FaultTargets,
  problem: NewProblem,
): PlacedProblem[] {
  if (typeof on !== 'string' || on === 'models') return []
  const isTool = on === 'tools' || (!models.includes(on) && tools.includes(on))
  if (isTool && modelFaults.some((each) => each === name))
    return [problem('contradiction', 'on', `${name} is a fault of models`, 'leave on out')]
  if (isTool || models.includes(on)) return []
  if (speechFaultTargets.some((each) => each === on))
    return notOfSpeech.some((each) => each === name)
      ? [problem('contradiction', 'on', `${name} is no fault of speech`, 'leave on out')]
      : []
  const known = ['models', 'tools', ...speechFaultTargets, ...models, ...tools]
  return [problem('unknown_name', 'on', `there is no model and no tool ${shown(on)}`, didYouMean(on, known))]
}

function checkSchedule({ from, to, every }: Section, problem: NewProblem): PlacedProblem[] {
  const [fromMs = 0, toMs = Infinity, everyMs = Infinity] = [from, to, every].map((value) =>
    value === undefined ? undefined : understood(() => readDuration(value)),
  )
  if (toMs <= fromMs)
    return [problem('out_of_range', 'to', 'it ends before it begins', 'to is later than from')]
  if (every !== undefined && to === undefined)
    return [problem('missing', 'to', 'what repeats has an end', 'such as from: 1m, to: 90s, every: 5m')]
  if (every !== undefined && toMs - fromMs >= everyMs)
    return [
      problem('out_of_range', 'every', 'it begins again before it ended', 'every is longer than from .. to'),
    ]
  return []
}
