import { chromium } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { startLivePage } from '../src/cli/live-page.ts'
import { parseObjective } from '../src/workload/parse-objective.ts'
import { browserOptions, hasNoBrowser } from './browser.ts'
import { loadWorkload } from './load-world.ts'

const progress = {
  share: 0.5,
  level: 5,
  started: 12,
  completed: 10,
  failed: 1,
  abandoned: 0,
  rejected: 0,
  cut: 0,
  inFlight: 1,
}

test.skipIf(hasNoBrowser)(
  'a run is watched: what is judged from the beginning, then how it goes',
  async () => {
    const objectives = [parseObjective('turn p95 < 1s')]
    const live = await startLivePage(loadWorkload({ name: 'support', objectives }), 0)
    onTestFinished(() => live.close())
    const browser = await chromium.launch(browserOptions())
    onTestFinished(() => browser.close())
    const page = await browser.newPage({ viewport: { width: 360, height: 800 } })
    await page.goto(live.url)
    expect(await page.locator('#objectives').innerText()).toBe('turn p95 <\u00a01s: –')
    expect(await page.locator('canvas').count()).toBe(0)
    const height = await page.evaluate<number>('document.documentElement.scrollHeight')
    for (const atMs of [900_000, 1_815_000]) live.show({ ...progress, atMs, untilMs: 7_500_000 })
    await page.getByText('30 min 15 s of 2 h 5 min, 10 turns answered, 1 h 35 min left').waitFor()
    await expect.poll(() => page.locator('canvas').count()).toBe(4)
    // Whoever reads on is not pushed away.
    expect(await page.evaluate<number>('document.documentElement.scrollHeight')).toBeLessThan(height + 40)
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(360)
    expect(await page.getByRole('img', { name: 'turns/s, over time' }).count()).toBe(1)
  },
)
