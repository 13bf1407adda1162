import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TurnRecord } from '../../result/records.ts'
import type { CallPlan } from '../../sessions/call-plan.ts'
import { Caller } from './caller.ts'
import type { Voice } from './voice.ts'

const voice: Voice = { silence: '-', frames: () => Array<string>(10).fill('speech'), tag: () => [] }
const loud = (ms: number): Uint8Array => new Uint8Array(ms * 8).fill(0x80)

const usual: CallPlan = {
  session: 3,
  scenario: 0,
  durationMs: 10_000,
  turns: 2,
  pressesAt: -1,
  isSilent: () => false,
  interruptsAfterMs: () => Infinity,
  pauseMs: () => 500,
  patienceMs: () => Infinity,
  text: () => 'hello',
}

interface Played {
  readonly log: string[]
  readonly turns: TurnRecord[]
  readonly caller: Caller
  readonly frames: (string | undefined)[]
}

/** Plays a call in virtual time; the agent answers each utterance's end as it likes. */
function play(
  plan: Partial<CallPlan>,
  agent: (caller: Caller, turn: number, atMs: number) => void,
  at: (caller: Caller, atMs: number) => void = () => {},
): Played {
  const log: string[] = []
  const turns: TurnRecord[] = []
  const frames: (string | undefined)[] = []
  let begun = 0
  let due: number | undefined
  const caller: Caller = new Caller({
    plan: { ...usual, ...plan },
    voice,
    tag: () => [],
    answeredAtMs: 0,
    timeoutMs: 20_000,
    events: {
      turnStarted: () => (due = begun++),
      turnEnded: (record) => void turns.push(record),
      over: (ending, atMs) => void log.push(`${ending} at ${atMs}`),
      press: (digit) => void log.push(`pressed ${digit}`),
      marked: (name) => void log.push(`marked ${name}`),
    },
  })
  for (let atMs = 0; atMs < 60_000; atMs += 20) {
    at(caller, atMs)
    const frame = caller.tick(atMs)
    frames.push(frame)
    if (frame === undefined) break
    if (due !== undefined) agent(caller, due, atMs + 20)
    due = undefined
  }
  return { log, turns, caller, frames }
}

const answers = (afterMs: number, ms: number) => (caller: Caller, _: number, atMs: number) =>
  caller.ear.media(loud(ms), atMs + afterMs)

const timesOf = ({ turns }: Played): number[][] =>
  turns.map(({ sentAtMs, firstTokenAtMs, endedAtMs }) => [sentAtMs, firstTokenAtMs, endedAtMs])

test('turns are spread over the call, and the caller hangs up when it has lasted as long as drawn', () => {
  const played = play({}, answers(300, 1000))
  expect(timesOf(played)).toEqual([
    [1200, 1500, 2500],
    [5200, 5500, 6500],
  ])
  expect(played.turns.map(({ outcome, tokens, turn, session }) => [outcome, tokens, turn, session])).toEqual([
    ['completed', 50, 0, 3],
    ['completed', 50, 1, 3],
  ])
  expect(played.log).toEqual(['completed at 10000'])
})

test('a slow agent makes the call longer: nobody speaks before the answer is over, or hangs up then', () => {
  const played = play({ durationMs: 2000 }, answers(300, 3000))
  expect(timesOf(played)).toEqual([
    [1200, 1500, 4500],
    [5500, 5800, 8800],
  ])
  expect(played.log).toEqual(['completed at 9600'])
})

test('a caller does not speak into a greeting', () => {
  const played = play({ turns: 1 }, answers(0, 100), (caller, atMs) => {
    if (atMs === 400) caller.ear.media(loud(2000), 400)
  })
  expect(played.turns[0]!.sentAtMs).toBe(2600)
})

test('who has waited too long hangs up', () => {
  const played = play({ patienceMs: () => 3000 }, () => {})
  expect(played.turns).toMatchObject([{ outcome: 'abandoned', errorKind: 'abandoned', endedAtMs: 4200 }])
  expect(played.turns[0]!.firstTokenAtMs).toBeNaN()
  expect(played.log).toEqual(['abandoned at 4200'])
})

test('however patient, silence ends a call at last', () => {
  const played = play({}, () => {})
  expect(played.turns).toMatchObject([{ outcome: 'failed', errorKind: 'timeout', endedAtMs: 21_200 }])
  expect(played.log).toEqual(['abandoned at 21200'])
})

test('an answer without end ends a call at last', () => {
  const played = play({}, answers(100, 90_000))
  expect(played.turns).toMatchObject([{ outcome: 'failed', errorKind: 'timeout', firstTokenAtMs: 1300 }])
  expect(played.log).toEqual(['abandoned at 41300'])
})

test('an interruption ends the answer, and how long the agent spoke on is told', () => {
  const interrupts = { interruptsAfterMs: (turn: number) => (turn === 0 ? 500 : Infinity) }
  const heeded = play(interrupts, answers(300, 3000), (caller, atMs) => {
    if (atMs === 2140) caller.ear.clear(2140)
  })
  expect(timesOf(heeded)[0]).toEqual([1200, 1500, 2000])
  expect([heeded.caller.interruptions, heeded.caller.bargeInStopMs]).toEqual([1, [140]])
  expect(heeded.turns[1]!.sentAtMs).toBe(2200)
  const unheeded = play(interrupts, answers(300, 3000))
  expect(unheeded.caller.bargeInStopMs).toEqual([7500 - 2000])
})

test('who wants a person presses 0 and is handed on, or gives up', () => {
  const served = play({ pressesAt: 1 }, answers(300, 1000), (caller, atMs) => {
    if (atMs === 7000) caller.ended('handedOff', 7000)
  })
  expect(served.log).toEqual(['pressed 0', 'escalated at 7000'])
  expect(served.turns).toHaveLength(1)
  expect(play({ pressesAt: 0 }, () => {}).log).toEqual(['pressed 0', 'abandoned at 16000'])
})

test('who says nothing has no turn', () => {
  const played = play({ turns: 3, isSilent: (turn) => turn === 1 }, answers(100, 500))
  expect(played.turns.map(({ turn }) => turn)).toEqual([0, 2])
})

test.each([
  ['before its answer', 1300, 'dropped', ['failed']],
  ['within its first answer', 1700, 'dropped', ['completed']],
  ['between turns', 4000, 'dropped', ['completed']],
  ['before its last answer', 5300, 'dropped', ['completed', 'failed']],
  ['within the last answer', 5700, 'completed', ['completed', 'completed']],
  ['after the last answer', 9000, 'completed', ['completed', 'completed']],
] as const)('an agent that ends the call %s', (_, atMs, ending, outcomes) => {
  const played = play({}, answers(300, 1000), (caller, now) => {
    if (now === atMs) caller.ended('byAgent', now)
  })
  expect(played.log).toEqual([`${ending} at ${atMs}`])
  expect(played.turns.map(({ outcome }) => outcome)).toEqual(outcomes)
})

test('whatever the agent does: each turn that begins ends once, and the call ends once', () => {
  const deed = fc.record({
    atMs: fc.nat(20_000).map((ms) => ms - (ms % 20)),
    what: fc.constantFrom('speak', 'clear', 'mark', 'end', 'handOff', 'cut'),
    ms: fc.nat(3000),
  })
  fc.assert(
    fc.property(
      fc.array(deed, { maxLength: 30 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      (deeds, turns, hasty) => {
        let started = 0
        const plan = {
          turns,
          interruptsAfterMs: () => (hasty ? 200 : Infinity),
          patienceMs: () => (hasty ? 2000 : Infinity),
        }
        const played = play(
          plan,
          () => void started++,
          (caller, atMs) => {
            for (const { what, ms } of deeds.filter((each) => each.atMs === atMs)) {
              if (what === 'speak') caller.ear.media(loud(ms), atMs)
              else if (what === 'clear') caller.ear.clear(atMs)
              else if (what === 'mark') caller.ear.mark('m', atMs)
              else if (what === 'cut') caller.cut(atMs)
              else caller.ended(what === 'end' ? 'byAgent' : 'handedOff', atMs)
            }
          },
        )
        expect(played.turns.length).toBe(started)
        expect(played.log.filter((line) => line.includes(' at ')).length).toBeLessThanOrEqual(1)
        expect(played.caller.isOver).toBe(true)
        for (const { sentAtMs, firstTokenAtMs, endedAtMs } of played.turns) {
          expect(endedAtMs).toBeGreaterThanOrEqual(sentAtMs)
          if (!Number.isNaN(firstTokenAtMs)) expect(firstTokenAtMs).toBeGreaterThanOrEqual(sentAtMs)
        }
      },
    ),
    { seed: 7, numRuns: 100 },
  )
})
