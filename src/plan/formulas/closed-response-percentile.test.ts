import { describe, expect, it, test } from 'vitest'
import { closedResponseBeyond, closedResponsePercentile } from './closed-response-percentile.ts'

const repairman = (population: number, servers = 5) => ({ population, think: 30, servers, service: 3 })

describe('response time of the machine repairman', () => {
  // Think 30 s, service 3 s, 5 servers: the most users at which P95 stays within 12 s are 50.
  test.each([
    [50, 0.0474],
    [51, 0.0523],
  ])('%i users: a share %d beyond 12 s', (population, share) => {
    expect(closedResponseBeyond(repairman(population), 12)).toBeCloseTo(share, 4)
  })

  it('has its percentile where the share beyond says', () => {
    const p95 = closedResponsePercentile(repairman(50), 0.95)
    expect(closedResponseBeyond(repairman(50), p95)).toBeCloseTo(0.05, 9)
  })

  it('integrates to the mean', () => {
    for (const [population, servers, mean] of [
      [50, 5, 4.664737902],
      [10, 1, 10 / singleServerThroughput(10) - 30],
    ] as const) {
      let integral = 0
      for (let t = 0.025; t < 300; t += 0.05)
        integral += 0.05 * closedResponseBeyond(repairman(population, servers), t)
      expect(integral).toBeCloseTo(mean, 3)
    }
  })

  it('stays a probability with thousands of users far past the knee', () => {
    const share = closedResponseBeyond(repairman(5000), 2970)
    expect(share).toBeGreaterThan(0.4)
    expect(share).toBeLessThan(0.6)
  })
})

/** M/M/1//N by its state probabilities, written out. */
function singleServerThroughput(population: number): number {
  let weight = 1
  let total = 1
  for (let n = 1; n <= population; n++) {
    weight *= ((population - n + 1) / 30) * 3
    total += weight
  }
  return (1 - 1 / total) / 3
}
