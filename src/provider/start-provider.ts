import type { AddressInfo } from 'node:net'
import type { Workload } from '../workload/workload.ts'
import { closeDoor, openDoor } from './door.ts'
import { type Playing, RunningProvider } from './running-provider.ts'
import { type Threads, startWorkers } from './workers/start-workers.ts'

export interface ProviderOptions extends Playing {
  readonly host?: string
  /** 0 takes a free one. */
  readonly port?: number
  readonly runId: string
  /** Where more than one thread is to play. */
  readonly threads?: Threads
}

export interface Provider {
  readonly url: string
  readonly port: number
  /** Ends what is in flight, frees the port and leaves no timer behind. */
  close(): Promise<void>
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

/** Why a provider may not listen on this host; undefined where it may. */
export function hostRefusal(host: string, adminToken: string | undefined): string | undefined {
  if (loopback.has(host) || adminToken) return undefined
  return `listening on ${host} needs an admin token, since others than this machine can reach it`
}

/** Plays the workload's models and tools over HTTP, on the real clock. */
export async function startProvider(workload: Workload, options: ProviderOptions): Promise<Provider> {
  const { host = '127.0.0.1', port = 0, adminToken, threads } = options
  const refusal = hostRefusal(host, adminToken)
  if (refusal !== undefined) throw new Error(refusal)
  const { close, port: taken } = threads
    ? await startWorkers(workload, options, threads, { host, port })
    : await startAlone(workload, options, { host, port })
  const shownHost = host.includes(':') ? `[${host}]` : host
  return { url: `http://${shownHost}:${taken}`, port: taken, close }
}

async function startAlone(
  workload: Workload,
  playing: Playing,
  listen: { readonly host: string; readonly port: number },
): Promise<Pick<Provider, 'port' | 'close'>> {
  const provider = new RunningProvider(workload, playing)
  const server = await openDoor(provider, listen).catch((error: unknown) => {
    provider.stop()
    throw error
  })
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      provider.cutAll()
      await closeDoor(server, (waitMs, then) => provider.after(waitMs, then))
      provider.stop()
    },
  }
}
