import { expect, test } from 'vitest'
import { HandClock, loadWorkload } from '../../test/load-world.ts'
import { createSessions } from '../sessions/sessions.ts'
import type { Driver, DriverResult, TurnObserver } from './driver.ts'
import { runTurn } from './run-turn.ts'

/** `text` says something, `'…'` shows work. */
async function turn(steps: readonly string[], outcome: DriverResult['outcome'] = 'completed') {
  const clock = new HandClock()
  const workload = loadWorkload()
  const driver: Driver = {
    async turn(_, seen) {
      for (const step of steps) {
        await clock.turn(clock.now() + 100)
        say(seen, step, clock.now())
      }
      return { outcome, errorKind: outcome === 'completed' ? 'none' : 'abandoned' }
    },
    leave: () => {},
    close: () => Promise.resolve(),
  }
  const context = {
    workload,
    sessions: createSessions(workload, 1, { users: 1 }),
    clock,
    driver,
    run: 1,
    marker: 'none' as const,
    turnTimeoutMs: 60_000,
    cut: new AbortController().signal,
    interToken: undefined,
  }
  const { record } = await runTurn(context, { session: 0, turn: 0, intendedAtMs: 0, last: true })
  return record
}

function say(seen: TurnObserver, step: string, atMs: number): void {
  if (step === '…') return seen.working?.()
  seen.text(step)
  seen.token(atMs, 1)
}

test.each([
  ['the first text of all where nothing shows work', ['It', 'is'], 100, 100],
  ['blanks are none', [' ', '\n', 'It is'], 100, 300],
  ['text before a tool call is none', ['Let me look.', '…', 'It is'], 100, 300],
  ['nor is text between two of them', ['Let me', '…', 'and', '…', '…', 'It is'], 100, 600],
  ['a sign of work after all text takes nothing back', ['It is', '…'], 100, 100],
  ['work alone tells nothing', ['…', '…'], NaN, NaN],
])('first useful text: %s', async (_name, steps, firstTokenAtMs, usefulAtMs) => {
  expect(await turn(steps)).toMatchObject({ firstTokenAtMs, usefulAtMs })
})

test('who gives up while the agent works has seen nothing useful', async () => {
  const record = await turn(['Let me look.', '…'], 'abandoned')
  expect(record).toMatchObject({ firstTokenAtMs: 100, usefulAtMs: NaN })
})
