import { httpLibrary } from './edge/http-library.ts'
import type { CallRecord } from '../result/records.ts'
import type { Workload } from '../workload/workload.ts'
import { type RunClock, sleep } from './edge/run-clock.ts'
import type { AdminHealth, AdminRecords, AdminReset, AdminStats } from '../wire/admin-api.ts'

const idleEveryMs = 20
const idleAtMostMs = 1000

/** A `CallRecord` on its way over JSON, where NaN is null. */
type WireCall = { readonly [Field in keyof CallRecord]: CallRecord[Field] | null }

export interface ProviderAdmin {
  /** Empty quotas, no records. */
  reset(reset: AdminReset): Promise<AdminHealth>
  health(): Promise<AdminHealth>
  stats(): Promise<AdminStats>
  /** The call records that came since the last call of this, in workload time of a run that began at `startedMs`. */
  takeRecords(startedMs: number, speed: number): Promise<CallRecord[]>
  /** Records that the provider dropped before they were read. */
  readonly lost: number
  close(): Promise<void>
}

/** The provider is there, and wants the admin token that it was started with. */
export class AdminTokenWanted extends Error {
  readonly hint = 'export PLIMSOLL_ADMIN_TOKEN=…, the one that it was started with'

  constructor(providerUrl: string) {
    super(`the provider at ${new URL(providerUrl).origin} takes an admin token`)
    this.name = 'AdminTokenWanted'
  }
}

/** A client of the provider's admin API. It throws when the provider is not there or is another program. */
export function createProviderAdmin(providerUrl: string, token?: string): ProviderAdmin {
  const { Agent, request } = httpLibrary()
  const dispatcher = new Agent({ connections: 1, headersTimeout: 10_000, bodyTimeout: 10_000 })
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
  let next = 0
  let lost = 0

  async function ask<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const answer = await request(new URL(`/_plimsoll/${path}`, providerUrl), {
      method,
      dispatcher,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.body.text()
    if (answer.statusCode === 401) throw new AdminTokenWanted(providerUrl)
    if (answer.statusCode !== 200)
      throw new Error(`the provider's admin API answered ${answer.statusCode} to ${method} ${path}`)
    return JSON.parse(text) as T
  }

  return {
    async reset(reset) {
      next = 0
      lost = 0
      return ask<AdminHealth>('POST', 'reset', reset)
    },
    health: () => ask<AdminHealth>('GET', 'health'),
    stats: () => ask<AdminStats>('GET', 'stats'),
    async takeRecords(startedMs, speed) {
      const taken: CallRecord[] = []
      for (;;) {
        const page = await ask<AdminRecords<WireCall>>('GET', `records?from=${next}`)
        lost = Math.max(lost, page.lost)
        for (const record of page.records) taken.push(toRunTime(record, startedMs, speed))
        if (page.records.length === 0 || page.next <= next) return taken
        next = page.next
      }
    },
    get lost() {
      return lost
    },
    close: () => dispatcher.destroy(),
  }
}

/** Waits until the provider's last call has ended and is recorded: the agent need not wait for that. At most a second. */
export async function untilIdle(admin: ProviderAdmin, clock: RunClock): Promise<void> {
  for (let waitedMs = 0; waitedMs < idleAtMostMs; waitedMs += idleEveryMs) {
    if ((await admin.health()).inFlight === 0) return
    await sleep(clock, idleEveryMs)
  }
}

/** Why what this provider plays cannot be held against this workload. */
export function providerMismatch(health: AdminHealth, workload: Workload, speed: number): string[] {
  return [
    ...(health.speed === speed
      ? []
      : [`the provider runs at speed ${health.speed} and the load at ${speed}`]),
    ...(health.workloadHash === workload.hash
      ? []
      : ['the provider plays another workload file than the load']),
  ]
}

function toRunTime(wire: WireCall, startedMs: number, speed: number): CallRecord {
  const instant = (value: number | null): number => (value === null ? NaN : (value - startedMs) * speed)
  return {
    ...(wire as CallRecord),
    sentAtMs: instant(wire.sentAtMs),
    firstTokenAtMs: instant(wire.firstTokenAtMs),
    endedAtMs: instant(wire.endedAtMs),
    maxTokens: wire.maxTokens ?? NaN,
  }
}
