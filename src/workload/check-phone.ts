import { valueAt } from './explain.ts'
import { didYouMean } from './nearest.ts'
import type { PlacedProblem } from './problem.ts'
import { shown } from './quantity.ts'
import { voiceLimit, voiceLimitNames } from './voice-limits.ts'

/** Where a vendor may be written. */
export const phoneVendorPaths: readonly (readonly string[])[] = [
  ['phone', 'carrier'],
  ...['platform', 'stt', 'model', 'tts'].map((part) => ['phone', 'vendors', part]),
]

/** What no single field of the phone section can know: presets that must exist, and a share that must leave some calls. */
export function checkPhone(root: unknown): PlacedProblem[] {
  if (valueAt(root, ['phone']) === undefined) return []
  return [...phoneVendorPaths.flatMap((path) => presetProblems(root, path)), ...shares(root)]
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

/** Erlang’s formula never loses nothing, and all is lost without a channel. */
function shares(root: unknown): PlacedProblem[] {
  const blocked = valueAt(root, ['phone', 'blocked'])
  if (typeof blocked !== 'string' || !/^\s*(?:0(?:\.0*)?|100(?:\.0*)?)\s*%\s*$/.test(blocked)) return []
  const message = `phone.blocked: ${shown(blocked)} is no target`
  const hint = 'calls that come at random are never all carried: such as 0.1% or 1%'
  return [{ code: 'out_of_range', message, hint, path: ['phone', 'blocked'] }]
}
