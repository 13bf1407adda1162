import { valueAt } from './explain.ts'
import type { PlacedProblem } from './problem.ts'
import { braces, driverNames, placeholders } from './target-schema.ts'

/** The drivers that a section of their own describes. */
const described = ['http', 'websocket'] as const

/** What no field of the target can know by itself. */
export function checkTarget(target: unknown): PlacedProblem[] {
  return [
    ...described.flatMap((driver) => sectionOfDriver(target, driver)),
    ...requests.flatMap((path) => bodyOrForm(target, path)),
    ...textIsSent(target),
    ...pollIsWhole(target),
    ...conditions.flatMap((path) => conditionSays(target, path)),
  ]
}

const requests = [
  ['http', 'open'],
  ['http', 'send'],
  ['http', 'poll'],
  ['http', 'close'],
]

const conditions = [
  ['http', 'answer', 'when'],
  ['http', 'answer', 'firstToken'],
  ['http', 'answer', 'working'],
  ['http', 'answer', 'end'],
  ['http', 'poll', 'done'],
  ['http', 'poll', 'failed'],
  ['websocket', 'open', 'until'],
  ['websocket', 'answer', 'when'],
  ['websocket', 'answer', 'firstToken'],
  ['websocket', 'answer', 'working'],
  ['websocket', 'answer', 'end'],
]

function conditionSays(target: unknown, path: readonly string[]): PlacedProblem[] {
  const condition = valueAt(target, path)
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) return []
  const keys = Object.keys(condition)
  if (keys.length > 0 && (!keys.includes('is') || keys.includes('at'))) return []
  return [
    {
      code: 'missing',
      message: `target.${path.join('.')}: does not say where to look`,
      hint: 'such as { at: /status, is: done }, { event: done } or { data: "[DONE]" }',
      path: ['target', ...path],
    },
  ]
}

function sectionOfDriver(target: unknown, driver: (typeof described)[number]): PlacedProblem[] {
  const named = valueAt(target, ['driver']) === driver
  const written = valueAt(target, [driver]) !== undefined
  if (named && !written)
    return [
      {
        code: 'missing',
        message: `target.${driver}: is missing`,
        hint: `driver ${driver} speaks what target.${driver} describes: send and answer`,
        path: ['target', 'driver'],
      },
    ]
  // A name that is no driver's is a problem of its own.
  if (!written || named || !(driverNames as readonly unknown[]).includes(valueAt(target, ['driver'])))
    return []
  return [
    {
      severity: 'warning',
      code: 'unused',
      message: `target.${driver}: the driver is another`,
      hint: `driver: ${driver} reads it`,
      path: ['target', driver],
      atKey: true,
    },
  ]
}

function bodyOrForm(target: unknown, path: readonly string[]): PlacedProblem[] {
  const at = (key: string): unknown => valueAt(target, [...path, key])
  if (at('body') === undefined || at('form') === undefined) return []
  const message = `target.${path.join('.')}: body and form exclude each other`
  return [{ code: 'contradiction', message, path: ['target', ...path, 'form'], atKey: true }]
}

function textIsSent(target: unknown): PlacedProblem[] {
  return described.flatMap((driver): PlacedProblem[] => {
    const send = valueAt(target, [driver, 'send'])
    const names = [...(JSON.stringify(send) ?? '{text}').matchAll(braces)].map(([, , name]) => name!)
    // A misspelt placeholder is a problem of its own.
    if (names.some((name) => name === 'text' || !placeholders.includes(name))) return []
    const message = `target.${driver}.send: what the user says is not sent`
    const hint = 'write {text} where it belongs'
    return [
      { severity: 'warning', code: 'unused', message, hint, path: ['target', driver, 'send'], atKey: true },
    ]
  })
}

function pollIsWhole(target: unknown): PlacedProblem[] {
  const poll = valueAt(target, ['http', 'poll'])
  if (typeof poll !== 'object' || poll === null) return []
  const path = ['target', 'http', 'poll']
  const problems: PlacedProblem[] = []
  const known = (['path', 'url'] as const).filter((key) => valueAt(poll, [key]) !== undefined)
  if (known.length !== 1)
    problems.push({
      code: known.length === 0 ? 'missing' : 'contradiction',
      message: `target.http.poll: ${known.length === 0 ? 'path or url is missing' : 'path and url exclude each other'}`,
      hint: 'path: /jobs/{job} with job: /id, or url: /status_url where the target names the address',
      path,
      atKey: true,
    })
  if (JSON.stringify(poll).includes('{job}') && valueAt(poll, ['job']) === undefined)
    problems.push({
      code: 'missing',
      message: 'target.http.poll.job: is missing',
      hint: 'where {job} lies in the answer to send: job: /id',
      path,
      atKey: true,
    })
  const format = valueAt(target, ['http', 'answer', 'format'])
  if (format === 'sse' || format === 'ndjson')
    problems.push({
      code: 'contradiction',
      message: 'target.http.poll: the answer to a poll is one JSON',
      hint: 'format: json',
      path: ['target', 'http', 'answer', 'format'],
    })
  return problems
}
