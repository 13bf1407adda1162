import type { Dist, Summary } from '../result/summary.ts'

/** The first turns begin sooner than the others; a tenth of the later ones met a refusal. */
export function partsOf(turn: Dist, ttft: Dist): Pick<Summary, 'turnIndexes' | 'refusals' | 'goodput'> {
  const share = (value: number) => ({
    share: value,
    low: value * 0.9,
    high: Math.min(1, value * 1.1),
    count: 200,
  })
  const part = (refused: number) => ({
    completed: 190,
    errorRate: 0.05,
    metrics: {
      turn: { ...turn, count: 200, censored: refused > 0 ? 20 : 0 },
      ttft,
      useful: { ...ttft, p95: ttft.p95 + 300 },
      refused: share(refused),
      goodput: share(0.9),
    },
  })
  return {
    turnIndexes: { '1': part(0), '2': part(0.1), '3': part(0.1) },
    refusals: { turns: 40, refused: 50, retries: 45, told: 48, obeyed: 44, lostMs: 60_000 },
    goodput: { ...share(0.9), turnsPerSecond: 2.1, limits: ['turn p95 < 10s', 'ttft p95 < 6s'] },
  }
}
