import { expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import type { AnsweredTimes } from './answered-turns.ts'
import { EndedTurns } from './ended-turns.ts'
import type { TurnRecord } from './records.ts'

const { objectives } = parseWorkload(`
users: { think: 10s }
model: { ttft: 500ms, output: 50 }
objectives: [turn p95 < 3s, ttft p90 < 2s]
`).workload!
const blockTurns = 256

/** The one turn after the other, of 1 to 5 s; where they are streamed, the first token comes in their midst. */
function turnAt(i: number, isStreamed: boolean): TurnRecord {
  const tookMs = 1000 + ((i * 7919) % 4001)
  return {
    kind: 'turn',
    session: i,
    turn: 0,
    scenario: 0,
    intendedAtMs: 0,
    sentAtMs: 0,
    firstTokenAtMs: isStreamed ? tookMs / 2 : tookMs,
    endedAtMs: tookMs,
    tokens: 1,
    outcome: 'completed',
    errorKind: 'none',
    status: 200,
  }
}

function timesOf(turns: readonly TurnRecord[]): AnsweredTimes {
  const times = (of: (turn: TurnRecord) => number): Float64Array => Float64Array.from(turns, of)
  return {
    callSentAtMs: times(() => 0),
    turnMs: times(({ endedAtMs }) => endedAtMs),
    ttftMs: times(({ firstTokenAtMs }) => firstTokenAtMs),
    intendedMs: times(({ endedAtMs }) => endedAtMs),
    beforeMs: times(() => 0),
    callMs: times(({ endedAtMs }) => endedAtMs),
  }
}

test.each([
  [3, 0],
  [0, 3],
  [1, 2],
  [200, 100],
  // More than are kept as they are.
  [300, 3],
])('after %d blocks of answers that come at once %d are streamed: as turn by turn', (atOnce, streamed) => {
  const [byBlock, byTurn] = [0, 0].map(() => new EndedTurns(objectives)) as [EndedTurns, EndedTurns]
  for (let block = 0; block < atOnce + streamed; block++) {
    const isStreamed = block >= atOnce
    const turns = Array.from({ length: blockTurns }, (_, i) => turnAt(block * blockTurns + i, isStreamed))
    for (const turn of turns) byTurn.add(turn)
    byBlock.addAnswered(timesOf(turns), Array<boolean>(blockTurns).fill(true), !isStreamed)
  }
  for (const both of [byBlock, byTurn]) both.add(turnAt(0, true))
  for (const name of ['turn', 'ttft', 'intended'] as const)
    expect(byBlock.values()[name]).toEqual(byTurn.values()[name])
  for (const objective of objectives) expect(byBlock.judge(objective)).toEqual(byTurn.judge(objective))
})
