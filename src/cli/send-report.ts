import { isAllowedTarget } from '../load/local-target.ts'
import type { Metric } from '../report/metrics.ts'
import type { RunIdentity } from '../report/otlp.ts'
import { UserError } from './exit-codes.ts'

const sendTimeoutMs = 10_000

/** `junit=report.xml`: a form of the report and where it goes, a file or an address that takes it. */
export interface ReportOutput {
  readonly form: string
  readonly to: string
}

export const isUrl = (to: string): boolean => /^https?:\/\//.test(to)

/** Numbers leave this machine only for hosts that were named: no one is to find out from a typing error. */
export function requireAllowedOutputs(
  outputs: readonly ReportOutput[],
  allowTargets: readonly string[],
): void {
  for (const { form, to } of outputs)
    if (isUrl(to) && !isAllowedTarget(to, allowTargets))
      throw new UserError(`--report ${form}: ${new URL(to).host} is not on this machine`, {
        hint: `if numbers may go there, say so with --allow-target ${new URL(to).hostname}`,
      })
}

/** Sends numbers as series of Prometheus. The library is loaded where it is used: no other verb waits for it. */
export async function sendSeries(
  metrics: readonly Metric[],
  { runId, workload }: RunIdentity,
  atMs: number,
  to: string,
): Promise<void> {
  const { remoteWriteBody, remoteWriteHeaders } = await import('../report/remote-write.ts')
  const labels = { workload: workload.name, run: runId }
  await sendReport(remoteWriteBody(metrics, labels, atMs), remoteWriteHeaders, to)
}

/** What an address is told of the body. */
export type Headers = Readonly<Record<string, string>>

/** Sends a report to an address; `user:password@` in it becomes Basic authorization. Throws where it is not taken. */
export async function sendReport(body: string | Uint8Array, headers: Headers, to: string): Promise<void> {
  const url = new URL(to)
  const { username, password } = url
  url.username = url.password = ''
  const login = username === '' ? {} : { authorization: basic(username, password) }
  const answer = await fetch(url, {
    method: 'POST',
    body: typeof body === 'string' ? body : Buffer.from(body),
    headers: { ...headers, ...login },
    redirect: 'error',
    signal: AbortSignal.timeout(sendTimeoutMs),
  })
  await answer.body?.cancel()
  if (!answer.ok) throw new Error(`it answered ${answer.status}`)
}

function basic(username: string, password: string): string {
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return `Basic ${Buffer.from(pair).toString('base64')}`
}
