import { chromium, type Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import type { AdminFaults } from '../src/wire/admin-api.ts'
import { startProvider } from '../src/provider/start-provider.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { browserOptions, hasNoBrowser } from './browser.ts'
import { startWorld } from './sdk-world.ts'

const setFaults = (url: string, faults: unknown, ids?: unknown): Promise<Response> =>
  fetch(`${url}/_plimsoll/faults`, { method: 'PUT', body: JSON.stringify({ faults, ids }) })
const told = async (url: string): Promise<AdminFaults> =>
  (await (await fetch(`${url}/_plimsoll/faults`)).json()) as AdminFaults
const callTool = async (url: string): Promise<number> =>
  (await fetch(`${url}/tools/stock`, { method: 'POST', body: '{}' })).status

test('faults are told, set and cleared while the provider plays', async () => {
  const { url } = await startWorld({ faults: '[{ fault: 503, on: stock, share: 100% }]' })
  expect(await callTool(url)).toBe(503)
  expect(await told(url)).toMatchObject({
    faults: [{ fault: 503, on: 'stock', share: '100%' }],
    injected: { 503: 1 },
    targets: ['models', 'tools', 'stt', 'tts', 'model', 'orders', 'stock'],
  })
  const set = [{ fault: 500, on: 'tools', share: '100%', from: '0', to: '1h' }]
  expect((await setFaults(url, set)).status).toBe(200)
  expect(await callTool(url)).toBe(500)
  await fetch(`${url}/_plimsoll/faults`, { method: 'DELETE' })
  expect(await callTool(url)).toBe(200)
  expect(await told(url)).toMatchObject({ faults: [], injected: { 500: 1, 503: 1 } })
})

test('hits are counted by rule, also of one name, and stay with their rule when others come and go', async () => {
  const { url } = await startWorld({ faults: '[{ fault: 503, on: stock }, { fault: 503, on: orders }]' })
  const call = (tool: string): Promise<Response> =>
    fetch(`${url}/tools/${tool}`, { method: 'POST', body: '{}' })
  for (const tool of ['stock', 'orders', 'orders']) expect((await call(tool)).status).toBe(503)
  const { faults, hits, injected } = await told(url)
  expect({ hits, injected }).toEqual({ hits: [1, 2], injected: { 503: 3 } })
  await setFaults(url, [{ fault: 503, on: 'models' }, faults[1]])
  await call('orders')
  expect((await told(url)).hits).toEqual([0, 3])
  // Of two that say the same the first hits, and nothing is left for the second.
  await setFaults(url, [faults[0], faults[0]])
  await call('stock')
  expect((await told(url)).hits).toEqual([1, 0])
})

/** Two rules that say the same, of which the first has hit once and the second, which was there before it, twice. */
async function twoAlike(): Promise<{ url: string; faults: AdminFaults['faults']; ids: readonly number[] }> {
  const { url } = await startWorld({ faults: '[{ fault: 503, on: stock }]' })
  for (let i = 0; i < 2; i++) await callTool(url)
  const before = await told(url)
  const ofNobody = 0
  await setFaults(url, [...before.faults, ...before.faults], [ofNobody, ...before.ids])
  await callTool(url)
  const { faults, ids, hits } = await told(url)
  expect(hits).toEqual([1, 2])
  return { url, faults, ids }
}

test('hits stay with their rule when another that says the same goes', async () => {
  const { url, faults, ids } = await twoAlike()
  await setFaults(url, [faults[1]], [ids[1]])
  expect((await told(url)).hits).toEqual([2])
  await setFaults(url, [faults[1], faults[0]], [ids[1]])
  expect((await told(url)).hits).toEqual([2, 0])
})

test('they outlast a reset, from which their schedules count', async () => {
  const { url } = await startWorld({ faults: '[{ fault: 503, on: stock, from: 1h }]' })
  expect(await callTool(url)).toBe(200)
  await fetch(`${url}/_plimsoll/reset`, { method: 'POST', body: '{"runId":"r","seed":1}' })
  expect((await told(url)).faults).toHaveLength(1)
  expect((await told(url)).sinceMs).toBeLessThan(60_000)
})

test('a mistake sets nothing and is told', async () => {
  const { url } = await startWorld({ faults: '[{ fault: 503, on: stock }]' })
  for (const faults of [[{ fault: 418 }], 'none', [{ fault: 429, on: 'nobody' }]]) {
    const answer = await setFaults(url, faults)
    expect(answer.status).toBe(400)
    expect(((await answer.json()) as { error: { message: string } }).error.message).toMatch(/[Ff]aults/)
  }
  expect((await told(url)).faults).toHaveLength(1)
})

test('the page is there without the admin token, and the faults are not', async () => {
  const { workload } = parseWorkload('model: { output: 1 }')
  const provider = await startProvider(workload!, { seed: 1, runId: 'p', adminToken: 'secret' })
  const ask = (path: string, headers = {}): Promise<Response> =>
    fetch(`${provider.url}/_plimsoll/${path}`, { headers })
  const page = await ask('')
  expect([page.status, page.headers.get('content-security-policy')]).toEqual([
    200,
    expect.stringMatching(/^default-src 'none'; .*script-src 'sha256-/) as unknown,
  ])
  expect((await ask('faults')).status).toBe(401)
  expect((await ask('faults', { authorization: 'Bearer secret' })).status).toBe(200)
  await provider.close()
})

async function onPage(use: (page: Page) => Promise<void>): Promise<void> {
  const browser = await chromium.launch(browserOptions())
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(5000)
    await use(page)
  } finally {
    await browser.close()
  }
}

test.skipIf(hasNoBrowser)('hits are counted under the hands of whoever stands on a button', async () => {
  const { url } = await startWorld({ faults: '[{ fault: 503, on: stock }]' })
  await onPage(async (page) => {
    await page.goto(`${url}/_plimsoll/`)
    await page.getByText('0 hit').waitFor()
    await page.getByRole('button', { name: 'Remove 503' }).focus()
    await callTool(url)
    await page.getByText('1 hit').waitFor()
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('Remove 503')
  })
})

test.skipIf(hasNoBrowser)(
  'by the keyboard one stays with a fault when the rows change around it',
  async () => {
    const { url } = await startWorld({ faults: '[{ fault: 429 }, { fault: 500 }, { fault: 503 }]' })
    await onPage(async (page) => {
      const place = (): Promise<string> =>
        page.evaluate('document.activeElement.ariaLabel || document.activeElement.id')
      await page.goto(`${url}/_plimsoll/`)
      await page.getByRole('button', { name: 'Remove 500' }).focus()
      const { faults, ids } = await told(url)
      await setFaults(url, [{ fault: 529 }, ...faults], [0, ...ids])
      await page.getByRole('button', { name: 'Remove 529' }).waitFor()
      expect(await place()).toBe('Remove 500')
      for (const next of ['Remove 503', 'Remove 429', 'Remove 529', 'fault']) {
        await page.keyboard.press('Enter')
        await expect.poll(place).toBe(next)
      }
      expect((await told(url)).faults).toEqual([])
      await setFaults(url, [{ fault: 500 }])
      await page.getByRole('button', { name: 'Clear all' }).press('Enter')
      await page.getByText('Nothing goes wrong on purpose.').waitFor()
      expect(await place()).toBe('fault')
    })
  },
)

test.skipIf(hasNoBrowser).each([
  [99_000, '99 s'],
  [120_000, '2 min'],
  [125_000, '2 min 5 s'],
  [7_200_000, '2 h'],
  [7_500_000, '2 h 5 min'],
])('that the run began %i ms ago is told as %s', async (sinceMs, text) => {
  const { url } = await startWorld()
  await onPage(async (page) => {
    await page.route('**/faults', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: { ...((await response.json()) as AdminFaults), sinceMs } })
    })
    await page.goto(`${url}/_plimsoll/`)
    await page.getByText('Nothing goes wrong on purpose.').waitFor()
    expect(await page.locator('#since').innerText()).toBe(text)
  })
})

test.skipIf(hasNoBrowser)('a tool of any name leaves the page as narrow as a phone', async () => {
  const name = 'orders_of_the_customer_in_the_european_warehouse'
  const { workload } = parseWorkload(
    `model: { output: 1 }\ntools: { ${name}: { latency: 1ms } }\nfaults: [{ fault: 503, on: ${name} }]`,
  )
  const provider = await startProvider(workload!, { seed: 1, runId: 'p' })
  onTestFinished(() => provider.close())
  await onPage(async (page) => {
    await page.setViewportSize({ width: 360, height: 800 })
    await page.goto(`${provider.url}/_plimsoll/`)
    await page.getByText(name).first().waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  })
})

test.skipIf(hasNoBrowser)('on the page a fault is added, seen to hit, and removed', async () => {
  const { url } = await startWorld()
  await onPage(async (page) => {
    const broken: string[] = []
    page.on('pageerror', (error) => broken.push(error.message))
    page.on('console', (line) => line.type() === 'error' && broken.push(line.text()))
    await page.goto(`${url}/_plimsoll/`)
    await page.getByText('Nothing goes wrong on purpose.').waitFor()
    await page.locator('#fault').selectOption('stall')
    expect(await page.getByLabel('How long').isVisible()).toBe(true)
    expect(await page.getByLabel('Retry-After').isVisible()).toBe(false)
    await page.locator('#fault').selectOption('503')
    expect(await page.getByLabel('How long').isVisible()).toBe(false)
    expect(await page.getByLabel('Retry-After').isVisible()).toBe(true)
    await page.locator('#on').selectOption('stock')
    await page.getByLabel('Share of calls').fill('100%')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByText('100% of calls to stock').waitFor()
    expect(await callTool(url)).toBe(503)
    await page.getByText('1 hit').waitFor()
    await page.locator('#on').selectOption('orders')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByText('0 hit').waitFor()
    await page.getByRole('button', { name: 'Remove 503' }).last().click()
    await page.getByText('0 hit').waitFor({ state: 'detached' })
    expect(broken).toEqual([])
    await page.getByLabel('From').fill('tomorrow')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByText('is not a duration').waitFor()
    await page.getByRole('button', { name: 'Remove 503' }).click()
    await page.getByText('Nothing goes wrong on purpose.').waitFor()
    expect(await callTool(url)).toBe(200)
  })
})

test.skipIf(hasNoBrowser)(
  'of two faults that say the same the page takes away the one that was meant',
  async () => {
    const { url } = await twoAlike()
    await onPage(async (page) => {
      await page.goto(`${url}/_plimsoll/`)
      await page.getByRole('button', { name: 'Remove 503' }).first().click()
      await page.getByText('1 hit').waitFor({ state: 'detached' })
      expect((await told(url)).hits).toEqual([2])
    })
  },
)

test.skipIf(hasNoBrowser)(
  'the page says nothing of faults before it has the token, and of the token only until then',
  async () => {
    const { workload } = parseWorkload('model: { output: 1 }\nfaults: [{ fault: 503 }]')
    const provider = await startProvider(workload!, { seed: 1, runId: 'p', adminToken: 'secret' })
    onTestFinished(() => provider.close())
    await onPage(async (page) => {
      await page.goto(`${provider.url}/_plimsoll/`)
      const wrong = page.getByRole('alert')
      await wrong.getByText('The admin API needs').waitFor()
      expect(await page.getByText('Nothing goes wrong on purpose.').isVisible()).toBe(false)
      await page.getByLabel('Admin token').fill('secret')
      await page.getByLabel('Admin token').press('Tab')
      await page.getByText('100% of calls to models').waitFor()
      expect(await wrong.textContent()).toBe('')
      await provider.close()
      await wrong.filter({ hasText: /./ }).waitFor()
    })
  },
)
