import { describe, expect, test } from 'vitest'
import type { PhonePlan } from '../result/phone-plan.ts'
import { phoneWords } from '../result/phone-words.ts'
import type { Run } from '../result/run.ts'
import { fixtureRun } from './fixture-run.ts'
import { html } from './html.ts'
import { markdown } from './markdown.ts'
import { terminal } from './terminal.ts'

const phone: PhonePlan = {
  callsPerMinute: 100,
  minutesPerCall: 3,
  erlangs: 300,
  target: 0.001,
  channels: 344,
  vendors: [
    { name: 'carrier', needed: 344, concurrent: 400, lost: 0, callsPerMinute: 118, boundBy: 'channels' },
    {
      name: 'speech to text',
      needed: 344,
      concurrent: 300,
      lost: 0.0447,
      callsPerMinute: 86.2,
      boundBy: 'channels',
    },
    { name: 'platform', needed: 344, lost: 0, boundBy: 'nothing' },
  ],
  quotas: [
    { name: 'model quota, requests', unit: 'requests/min', asked: 1500, limit: 1000, callsPerMinute: 66.7 },
  ],
  chain: { callsPerMinute: 66.7, binding: 'model quota, requests', lostLeast: 0.0447, lostMost: 0.0447 },
}

const { summaries: _, capacities: __, ...rest } = fixtureRun()
const run: Run = { ...rest, summaries: [], capacities: [], phone, verdict: phoneWords(phone) }

describe('a run of calls alone', () => {
  test('in the terminal: the sentence, the chain and what misses, and no table of users', () => {
    const text = terminal(run, { width: 100 })
    expect(text).toContain('100 calls/min of 3 min need 344 channels')
    expect(text).toMatch(/speech to text\s+344 at once\s+300\s+4\.5 %\s+86\.2/)
    expect(text).toMatch(/platform\s+344 at once\s+no limit/)
    expect(text).toMatch(/model quota, requests\s+1,500 requests\/min\s+1,000\s+66\.7/)
    expect(text).not.toContain('run at')
  })

  test('as a page, what misses is marked', () => {
    const page = html(run)
    expect(page).toContain('<h2>The chain</h2>')
    expect(page).toContain('<span class="warn">speech to text</span>')
    expect(page).not.toContain('<span class="warn">carrier</span>')
  })

  test('as Markdown', () => {
    expect(markdown(run)).toContain('| carrier | 344 at once | 400 | 0 % | 118 |')
  })
})
