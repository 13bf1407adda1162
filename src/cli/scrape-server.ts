import type { ServerSample } from '../load/server-meter.ts'
import { isAllowedTarget } from '../load/local-target.ts'
import { metricSums } from '../wire/prometheus-text.ts'
import { UserError } from './exit-codes.ts'

const timeoutMs = 2000
const mostCharacters = 5_000_000

/** What Prometheus's client libraries of all languages call them. */
const names = {
  cpu: 'process_cpu_seconds_total',
  memory: 'process_resident_memory_bytes',
  files: 'process_open_fds',
}

/**
 * Looks at a server through its own Prometheus endpoint. The first look is taken at once: a server that does not say what
 * it uses is told of before any load.
 */
export async function scrapeServer(
  url: string,
  allowTargets: readonly string[],
): Promise<() => Promise<ServerSample>> {
  if (!isAllowedTarget(url, allowTargets))
    throw new UserError(`--scrape: ${new URL(url).host} is not on this machine`, {
      hint: `if it is yours to ask, say so with --allow-target ${new URL(url).hostname}`,
    })
  const look = async (): Promise<ServerSample> => sampleOf(await textAt(url))
  try {
    await look()
  } catch (error) {
    throw new UserError(
      `--scrape: ${new URL(url).host} does not tell what it uses (${(error as Error).message})`,
      {
        hint: `it takes ${names.cpu} and ${names.memory} in Prometheus's text format`,
      },
    )
  }
  return look
}

async function textAt(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
  if (!answer.ok) throw new Error(`it answered ${answer.status}`)
  const text = await answer.text()
  if (text.length > mostCharacters) throw new Error('its answer is too long')
  return text
}

function sampleOf(text: string): ServerSample {
  const sums = metricSums(text)
  const [cpuSeconds, rssBytes, openFiles] = [names.cpu, names.memory, names.files].map((name) =>
    sums.get(name),
  )
  if (cpuSeconds === undefined || rssBytes === undefined)
    throw new Error(`there is no ${cpuSeconds === undefined ? names.cpu : names.memory}`)
  return { cpuSeconds, rssBytes, ...(openFiles === undefined ? {} : { openFiles }) }
}
