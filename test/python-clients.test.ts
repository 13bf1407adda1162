// The official Python clients and frameworks, in a few turns each, where a machine has them; `npm run conformance`
// installs them and plays a thousand.
import { expect, test } from 'vitest'
import { judge, type Verdict } from '../bench/conformance/judge.ts'
import { playScript } from '../bench/conformance/play-script.ts'
import { pythonScript, pythonWithClients } from '../bench/conformance/python.ts'

const python = pythonWithClients()
const turns = 4

if (python)
  test('what they do against the provider', { timeout: 180_000 }, async () => {
    const verdicts: Verdict[] = []
    await playScript(pythonScript(python), turns, (verdict) => void verdicts.push(verdict))
    expect(verdicts.filter(({ ok }) => !ok)).toEqual([])
    expect(verdicts.length).toBeGreaterThan(40)
  })
else console.log('the Python clients are driven where bench/conformance/requirements.txt is installed')

const call = (session: number, step: number, depth: number) => ({
  kind: 'model' as const,
  service: 0,
  session,
  turn: 0,
  step,
  attempt: 0,
  sentAtMs: 0,
  firstTokenAtMs: 0,
  endedAtMs: 0,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  maxTokens: NaN,
  depth,
  outcome: 'completed' as const,
  errorKind: 'none' as const,
  status: 200,
  joinedBy: 'id' as const,
})
const two = [call(0, 1, 2), call(0, 2, 2)]
const told = { name: 'a loop', first: 0, turns: 1, depths: { 2: 1 } }

test.each([
  ['as deep as drawn', true, told, [...two, call(0, 0, 1)]],
  ['a step that was tried again', false, told, [...two, call(0, 2, 2)]],
  ['a step left out', false, told, [call(0, 1, 2)]],
  ['a turn that was not seen', false, { ...told, first: 7 }, two],
  ['a depth that no turn has', false, { ...told, depths: { 3: 1 } }, two],
  ['what the script says failed', false, { name: 'a loop', failed: 'why' }, []],
])('the judge of a loop: %s', (_, ok, said, records) => {
  expect(judge(said, records).ok).toBe(ok)
})

test('the judge of many turns: a share that is too rare to be chance', () => {
  const turnsOf = (depth: number, from: number, count: number) =>
    Array.from({ length: count }, (_, turn) =>
      Array.from({ length: depth }, (_, step) => call(from + turn, step + 1, depth)),
    ).flat()
  const records = [...turnsOf(1, 0, 60), ...turnsOf(2, 60, 30), ...turnsOf(4, 90, 10)]
  expect(judge({ ...told, turns: 100, depths: { 1: 60, 2: 30, 4: 10 } }, records).ok).toBe(true)
  const skewed = [...turnsOf(1, 0, 80), ...turnsOf(2, 80, 15), ...turnsOf(4, 95, 5)]
  expect(judge({ ...told, turns: 100, depths: { 1: 80, 2: 15, 4: 5 } }, skewed).ok).toBe(false)
})
