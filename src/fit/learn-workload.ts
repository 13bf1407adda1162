import { type Recording, rootCalls, type SeenCall, type SeenTurn } from '../result/recording.ts'
import { durationWords, sampleOf, shareWords } from './fit-lognormal.ts'
import { learnModel } from './learn-model.ts'
import { learnTools } from './learn-tools.ts'
import type { Learned, LearnedField } from './learned.ts'

/** A turn that was answered whole, with the calls of its root loop. */
export interface Loop {
  readonly turn: SeenTurn
  readonly calls: readonly SeenCall[]
}

/** Waits shorter than this are the machine's and no agent's. */
const leastOwnMs = 1

/** What turns against a real model say, in the fields of a workload file with one scenario. */
export function learnWorkload(recording: Recording): Learned {
  const loops = recording.turns
    .filter(({ completed }) => completed)
    .map((turn) => ({ turn, calls: rootCalls(turn) }))
    .filter(({ calls }) => calls.length > 0)
  const calls = loops.flatMap((loop) => loop.calls)
  const firsts = loops.map((loop) => loop.calls[0]!)
  const tools = learnTools(loops)
  const depths = loops.map((loop) => loop.calls.length)
  return {
    fields: [
      ...(loops.length > 0
        ? [{ path: ['scenarios', 0, 'depth'], value: shareWords(depths), from: turnsText(loops) }]
        : []),
      ...learnOverhead(loops),
      ...learnModel(calls, firsts),
      ...learnHistory(loops),
      ...tools.fields,
    ],
    model: mostAsked(calls),
    tools: tools.names,
    notes: [...notesOf(recording, loops), ...tools.notes],
  }
}

const turnsText = (loops: readonly Loop[]): string => `${loops.length} turns`

/** The agent's own time around the loop: loading and saving are taken to last alike. */
function learnOverhead(loops: readonly Loop[]): LearnedField[] {
  if (loops.length === 0) return []
  const after = loops.map(({ turn, calls }) => Math.max(0, turn.endedAtMs - calls.at(-1)!.endedAtMs))
  const before = loops.map(({ turn, calls }) => Math.max(0, calls[0]!.sentAtMs - turn.sentAtMs))
  const stateMs = sampleOf(after, 0).mean
  const prompt = before.map((each) => Math.max(0, each - stateMs))
  const overhead = (key: string, values: readonly number[]): LearnedField[] =>
    sampleOf(values, 0).mean < leastOwnMs
      ? []
      : [{ path: ['agent', 'overhead', key], value: durationWords(values), from: turnsText(loops) }]
  return [...overhead('prompt', prompt), ...overhead('state', after)]
}

/** How many earlier messages went along, where conversations were long enough to show it. */
function learnHistory(loops: readonly Loop[]): LearnedField[] {
  const later = loops.filter(({ turn }) => turn.turn > 0)
  if (later.length === 0) return []
  const sent = Math.max(...later.map(({ calls }) => calls[0]!.sizes.earlierMessages))
  const isWhole = later.every(({ turn, calls }) => calls[0]!.sizes.earlierMessages >= 2 * turn.turn)
  const value = sent === 0 ? 'none' : isWhole ? 'all' : `window(${sent})`
  return [{ path: ['model', 'input', 'history'], value, from: `${later.length} later turns` }]
}

function mostAsked(calls: readonly SeenCall[]): string | undefined {
  const counts = new Map<string, number>()
  for (const { model } of calls) counts.set(model, (counts.get(model) ?? 0) + 1)
  return [...counts].toSorted(([, one], [, other]) => other - one)[0]?.[0]
}

/** What the file leaves out, in sentences. */
function notesOf({ turns, unjoined }: Recording, loops: readonly Loop[]): string[] {
  const all = turns.flatMap(({ calls }) => calls)
  const whole = all.filter(({ completed }) => completed)
  const beside = loops.reduce(
    (sum, { turn, calls }) => sum + turn.calls.filter(({ completed }) => completed).length - calls.length,
    0,
  )
  const guessed = whole.filter(({ usageTold }) => !usageTold).length
  const models = new Set(whole.map(({ model }) => model))
  const note = (count: number, one: string, many: string, text: string): string[] =>
    count > 0 ? [`${count} ${count === 1 ? one : many} ${text}`] : []
  return [
    ...note(
      turns.length - loops.length,
      'turn was',
      'turns were',
      'not answered by a model, and taught nothing',
    ),
    ...note(all.length - whole.length, 'call was', 'calls were', 'not answered whole, and taught nothing'),
    ...note(
      beside,
      'call was',
      'calls were',
      'beside the root loops (routers, sub-agents, titles): left out',
    ),
    ...note(unjoined, 'call came', 'calls came', 'while no turn was on, so no turn can have it: left out'),
    ...note(guessed, 'answer', 'answers', 'did not tell tokens: a quarter of the characters was taken'),
    ...(models.size > 1 ? [`${models.size} models were asked; the file has one, with the means of all`] : []),
  ]
}
