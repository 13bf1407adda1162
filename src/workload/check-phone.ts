import { valueAt } from './explain.ts'
import { understood } from './mistake.ts'
import { didYouMean } from './nearest.ts'
import { parseDistribution } from './parse-distribution.ts'
import type { PlacedProblem } from './problem.ts'
import { durationUnit, readCallRate, readSize, shown } from './quantity.ts'
import { formatSize, minuteMs } from './units.ts'
import { voiceLimit, voiceLimitNames } from './voice-limits.ts'

/** Where a vendor may be written. */
export const phoneVendorPaths: readonly (readonly string[])[] = [
  ['phone', 'carrier'],
  ...['platform', 'stt', 'model', 'tts'].map((part) => ['phone', 'vendors', part]),
]

/** What no single field of the phone section can know: presets that must exist, and a share that must leave some calls. */
export function checkPhone(root: unknown): PlacedProblem[] {
  if (valueAt(root, ['phone']) === undefined) return []
  return [
    ...phoneVendorPaths.flatMap((path) => [...presetProblems(root, path), ...tooWide(root, path)]),
    ...missing(root),
    ...shares(root),
    ...tooMany(root),
    ...besideUsers(root),
  ]
}

function presetProblems(root: unknown, path: readonly string[]): PlacedProblem[] {
  const like = valueAt(root, [...path, 'like'])
  const part = path.at(-1)!
  if (typeof like !== 'string' || like === '' || voiceLimit(part, like)) return []
  const names = voiceLimitNames(part)
  return [
    {
      code: 'unknown_name',
      message: `${path.join('.')}.like: nothing is known of ${shown(like)} as ${part}`,
      hint: `${names.length > 0 ? didYouMean(like, names) : 'there is no preset'}; without like, give concurrent and callsPerSecond`,
      path: [...path, 'like'],
    },
  ]
}

/** What records do not say, the file must. */
function missing(root: unknown): PlacedProblem[] {
  const records = valueAt(root, ['phone', 'records'])
  const columns = typeof records === 'object' && records !== null ? Object.keys(records) : []
  const isTold = {
    calls: records !== undefined,
    duration: columns.includes('duration') || columns.includes('meanDuration'),
  }
  const needed: string[][] = [
    ...(['calls', 'duration'] as const).filter((field) => !isTold[field]).map((field) => ['phone', field]),
    ...(valueAt(root, ['phone', 'handOff']) === undefined || columns.includes('handedOff')
      ? []
      : [['phone', 'handOff', 'share']]),
  ]
  return needed
    .filter((path) => valueAt(root, path) === undefined)
    .map((path) => ({ code: 'missing', message: `${path.join('.')}: is missing`, path }))
}

/** With users in the file, calls are theirs to plan and nobody plays them. */
function besideUsers(root: unknown): PlacedProblem[] {
  const path = ['phone', 'arrivals']
  const others = ['users', 'backlog'].filter((section) => valueAt(root, [section]) !== undefined)
  if (valueAt(root, path) === undefined || others.length === 0) return []
  const message = `phone.arrivals: calls are not played beside ${others.join(' and ')}`
  return [{ code: 'unused', message, hint: 'users.arrivals is for those', path }]
}

/** Erlang’s formula never loses nothing, and all is lost without a channel. */
function shares(root: unknown): PlacedProblem[] {
  const blocked = valueAt(root, ['phone', 'blocked'])
  if (typeof blocked !== 'string' || !/^\s*(?:0(?:\.0*)?|100(?:\.0*)?)\s*%\s*$/.test(blocked)) return []
  const message = `phone.blocked: ${shown(blocked)} is no target`
  const hint = 'calls that come at random are never all carried: such as 0.1% or 1%'
  return [{ code: 'out_of_range', message, hint, path: ['phone', 'blocked'] }]
}

/** Beyond any carrier, and within what Erlang’s formula counts in a moment. */
const mostAtOnce = 1e6

function tooMany(root: unknown): PlacedProblem[] {
  const calls = understood(() => readCallRate(valueAt(root, ['phone', 'calls'])))
  const duration = understood(() => parseDistribution(valueAt(root, ['phone', 'duration']), durationUnit))
  if (calls === undefined || duration === undefined) return []
  const erlangs = (calls * duration.mean) / minuteMs
  if (erlangs <= mostAtOnce) return []
  const message = `phone.calls: ${formatSize(Math.round(erlangs))} calls at once are too many`
  const hint = `calls a minute × minutes of each, at most ${formatSize(mostAtOnce)}`
  return [{ code: 'out_of_range', message, hint, path: ['phone', 'calls'] }]
}

function tooWide(root: unknown, path: readonly string[]): PlacedProblem[] {
  const concurrent = understood(() => readSize(valueAt(root, [...path, 'concurrent'])))
  if (concurrent === undefined || concurrent <= mostAtOnce) return []
  const message = `${path.join('.')}.concurrent: ${formatSize(concurrent)} is too many`
  const hint = `at most ${formatSize(mostAtOnce)}; without it there is no limit`
  return [{ code: 'out_of_range', message, hint, path: [...path, 'concurrent'] }]
}
