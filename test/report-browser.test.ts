import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixtureRun } from '../src/report/fixture-run.ts'
import { html } from '../src/report/html.ts'
import { browserOptions, hasNoBrowser } from './browser.ts'
import { runsToTell } from './hostile-runs.ts'

if (hasNoBrowser)
  console.warn('report in a browser: skipped, no chromium at /usr/bin/chromium or CHROMIUM_PATH')

const phone = { width: 360, height: 800 }
const desktop = { width: 1280, height: 900 }

describe.skipIf(hasNoBrowser)('the report in a browser', () => {
  let browser: Browser
  let folder: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-report-'))
    browser = await chromium.launch(browserOptions())
  })

  afterAll(async () => {
    await browser?.close()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  /** Opens a report and keeps everything that it complains about or asks of the network. */
  async function openReport(page: string, options: BrowserContextOptions) {
    const path = join(folder, 'report.html')
    const context = await browser.newContext(options)
    const tab = await context.newPage()
    const complaints: string[] = []
    const requests: string[] = []
    tab.on('console', (message) => complaints.push(message.text()))
    tab.on('pageerror', (error) => complaints.push(String(error)))
    tab.on('request', (request) => requests.push(request.url()))
    const address = pathToFileURL(path).href
    const show = async (content: string) => {
      writeFileSync(path, content)
      await tab.goto(address, { waitUntil: 'load' })
    }
    await show(page)
    const outside = () => requests.filter((url) => url !== address && !url.startsWith('data:'))
    return { tab, complaints, outside, show, close: () => context.close() }
  }

  test('draws every chart, complains of nothing, asks nothing of the network', async () => {
    const report = await openReport(html(fixtureRun()), { viewport: desktop })
    const drawn = await inkInCanvases(report.tab)
    expect(drawn.length).toBe(await report.tab.locator('[data-chart]').count())
    expect(drawn.length).toBeGreaterThanOrEqual(6)
    for (const colors of drawn) expect(colors).toBeGreaterThan(3)
    expect(report.complaints).toEqual([])
    expect(report.outside()).toEqual([])
    await report.close()
  })

  test('says the capacity in words and in a table', async () => {
    const report = await openReport(html(fixtureRun()), { viewport: desktop })
    const text = await report.tab.locator('main').innerText()
    expect(text).toContain('Run customer support at 110 users per server; it breaks at 147')
    const cells = await report.tab.locator('table.answers tbody tr').first().locator('td').allInnerTexts()
    expect(cells).toEqual(['149', '145', '147'])
    await report.close()
  })

  test('nothing overflows a phone and no name is executed, whatever the run', async () => {
    const { tab, complaints, show, close } = await openReport(html(fixtureRun()), { viewport: phone })
    const wide: string[] = []
    for (const [name, run] of runsToTell) {
      await show(html(run))
      if (await tab.evaluate<boolean>('document.documentElement.scrollWidth > 360')) wide.push(name)
      expect(await tab.evaluate('globalThis.hacked')).toBeUndefined()
    }
    expect(wide).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })

  test('is dark for those who like it dark', async () => {
    const colorsOf = async (colorScheme: 'light' | 'dark') => {
      const report = await openReport(html(fixtureRun()), { viewport: desktop, colorScheme })
      const colors = await report.tab.evaluate<string[]>(
        '["backgroundColor", "color"].map((name) => getComputedStyle(document.body)[name])',
      )
      await report.close()
      return colors
    }
    const [light, dark] = [await colorsOf('light'), await colorsOf('dark')]
    expect(brightness(light[0])).toBeGreaterThan(brightness(light[1]))
    expect(brightness(dark[0])).toBeLessThan(brightness(dark[1]))
  })

  test('charts follow the width of the window and a change of the scheme', async () => {
    const report = await openReport(html(fixtureRun()), { viewport: desktop, colorScheme: 'light' })
    const { tab } = report
    const width = () => tab.evaluate<number>('document.querySelector("canvas").clientWidth')
    const wide = await width()
    await tab.setViewportSize(phone)
    expect(wide).toBeGreaterThan(phone.width)
    await expect.poll(width).toBeLessThan(phone.width)
    await tab.evaluate('globalThis.lightPicture = document.querySelector("canvas").toDataURL()')
    await tab.emulateMedia({ colorScheme: 'dark' })
    const changed = () =>
      tab.evaluate('document.querySelector("canvas").toDataURL() !== globalThis.lightPicture')
    await expect.poll(changed).toBe(true)
    expect(report.complaints).toEqual([])
    await report.close()
  })

  test('shows the values under the pointer', async () => {
    const report = await openReport(html(fixtureRun()), { viewport: desktop })
    await report.tab.locator('[data-chart="throughput"] .u-over').hover()
    expect(await report.tab.locator('[data-chart="throughput"] .tip').innerText()).toMatch(
      /users at once\n.*turns\/s/,
    )
    await report.close()
  })

  test('a level that was tried alone is drawn, though no line goes through one point', async () => {
    const { tab, show, close } = await openReport(html(fixtureRun()), {
      viewport: desktop,
      colorScheme: 'light',
    })
    const [solved] = fixtureRun().capacities
    await show(html({ ...fixtureRun(), capacities: [{ ...solved!, probes: solved!.probes.slice(0, 1) }] }))
    const inked = await tab.evaluate<number>(`(() => {
      const canvas = document.querySelector('[data-chart="throughput"] canvas')
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      return new Uint32Array(data.buffer).filter((pixel) => pixel === 0xffb36924).length
    })()`)
    expect(inked).toBeGreaterThan(10)
    await close()
  })

  test('a script that was smuggled in is refused by the policy', async () => {
    const page = html(fixtureRun()).replace('</main>', '<script>globalThis.hacked = 1</script></main>')
    const report = await openReport(page, { viewport: desktop })
    expect(await report.tab.evaluate('globalThis.hacked')).toBeUndefined()
    expect(report.complaints.join()).toContain('Content Security Policy')
    await report.close()
  })

  test('every picture has words, every table a name', async () => {
    const report = await openReport(html(fixtureRun()), { viewport: desktop })
    const unnamed = await report.tab.evaluate<number>(
      `[...document.querySelectorAll('[role=img], [role=region]')].filter((element) => !element.getAttribute('aria-label')).length`,
    )
    expect(unnamed).toBe(0)
    expect(await report.tab.locator('figure.chart').count()).toBe(
      await report.tab.locator('figure.chart table').count(),
    )
    await report.close()
  })
})

/** How many different colours each canvas shows: an empty one shows one. */
function inkInCanvases(tab: Page): Promise<number[]> {
  return tab.evaluate<number[]>(`[...document.querySelectorAll('canvas')].map((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    return new Set(new Uint32Array(data.buffer)).size
  })`)
}

function brightness(color: string | undefined): number {
  const parts = (color ?? '').match(/\d+/g) ?? []
  return parts.slice(0, 3).reduce((total, part) => total + Number(part), 0)
}
