import { existsSync } from 'node:fs'

const candidates = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/** The browser that pages are looked at with; absent where none is installed. */
const browserPath = candidates.find((path) => path !== undefined && existsSync(path))

/** Where there is none but in CI, which must have one. */
export const hasNoBrowser = browserPath === undefined && !process.env['CI']

const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync']

/** How it is started: it asks nothing of the network by itself. */
export function browserOptions(): { executablePath: string; args: string[] } {
  if (browserPath === undefined) throw new Error('no chromium: install it, or set CHROMIUM_PATH')
  return { executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu', ...quiet] }
}
