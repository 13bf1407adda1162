import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { monotonicMs, wallClockMs } from '../../clock/now.ts'
import { temporaryFolder } from '../../host/temporary-folder.ts'
import type { Workload } from '../../workload/workload.ts'
import { closeDoor, openDoor } from '../door.ts'
import type { Playing, SharedStart } from '../running-provider.ts'
import { askThread, type ThreadStart } from './messages.ts'
import { OwnerProvider } from './owner-provider.ts'
import { sharedMemory } from './shared-state.ts'

/** Several threads that play; each runs `runProviderThread` with the same workload. */
export interface Threads {
  readonly count: number
  begin(): Worker
}

interface Address {
  readonly host: string
  readonly port: number
}

/** Starts the owner, here, and the threads, which take the connections of one port between them. */
export async function startWorkers(
  workload: Workload,
  playing: Playing,
  threads: Threads,
  address: Address,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const folder = temporaryFolder()
  const ownerPath = join(folder, 'owner')
  const start: SharedStart = { nowMs: monotonicMs(), memory: sharedMemory(workload) }
  const idPrefix = wallClockMs().toString(36)
  const owner = new OwnerProvider(workload, playing, `${idPrefix}o`, start)
  const server = await openDoor(owner, { path: ownerPath })
  const close = async (): Promise<void> => {
    await owner.closeThreads()
    owner.cutAll()
    await closeDoor(server, (waitMs, then) => owner.after(waitMs, then))
    owner.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const listen = { host: address.host, port: await freePort(address) }
    const { seed, speed, adminToken, recording } = playing
    const told: Omit<ThreadStart, 'idPrefix'> = {
      playing: {
        seed,
        ...(speed === undefined ? {} : { speed }),
        ...(adminToken === undefined ? {} : { adminToken }),
        ...(recording === undefined ? {} : { recording }),
      },
      start,
      channel: randomUUID(),
      listen,
      ownerPath,
    }
    const begun = Array.from({ length: threads.count }, (_, i) =>
      begin(threads.begin(), owner, { ...told, idPrefix: `${idPrefix}${i}` }),
    )
    await Promise.all(begun)
    return { port: listen.port, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The port, which nobody has: threads would share it with a provider that is there already. */
async function freePort(address: Address): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(address, () => resolve())
  })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function begin(worker: Worker, owner: OwnerProvider, start: ThreadStart): Promise<void> {
  owner.addThread(worker)
  const said = await askThread(worker, { kind: 'start', start }, ['started', 'failed'])
  if (said.kind === 'failed') throw Object.assign(new Error(said.message), { code: said.code })
}
