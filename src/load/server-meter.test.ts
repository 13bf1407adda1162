import { expect, test } from 'vitest'
import { type ServerSample, ServerMeter } from './server-meter.ts'

/** Tells these samples one after the other, the last one for ever. */
function telling(samples: readonly (ServerSample | undefined)[]) {
  let next = 0
  return async (): Promise<ServerSample> => {
    const sample = samples[Math.min(next++, samples.length - 1)]
    await new Promise((resolve) => setTimeout(resolve, 1))
    if (!sample) throw new Error('gone')
    return sample
  }
}

const idle = { cpuSeconds: 1, rssBytes: 100e6, sockets: 2, openFiles: 20 }
const begin = { cpuSeconds: 3, rssBytes: 140e6, sockets: 12, openFiles: 31 }
const middle = { cpuSeconds: 4, rssBytes: 160e6, sockets: 15, openFiles: 30 }
const end = { cpuSeconds: 8, rssBytes: 150e6, sockets: 11, openFiles: 29 }

async function meter(samples: readonly (ServerSample | undefined)[], users: number | undefined) {
  // Two sessions are closed between one look and the next, and four are under way.
  let looks = 0
  const watched = new ServerMeter(telling(samples), () => ({ closed: 2 * looks++, open: 4 }))
  watched.restart()
  watched.tick()
  return watched.read(50, users)
}

test('CPU for a turn, memory for a user, the most sockets and files of the window', async () => {
  const use = await meter([idle, begin, middle, end], 10)
  expect(use).toEqual({
    cpuCores: expect.any(Number) as number,
    cpuMsPerTurn: 100,
    cpuMsPerSession: 1250,
    rssBytes: 150e6,
    rssPeakBytes: 160e6,
    rssBytesPerUser: 5e6,
    sockets: 15,
    openFiles: 31,
  })
  expect(use!.cpuCores).toBeGreaterThan(0)
})

test('without a number of users, memory is that of the sessions under way', async () => {
  const use = await meter([idle, begin, middle, end], undefined)
  expect(use).toMatchObject({ rssBytesPerSession: 12.5e6 })
  expect(use).not.toHaveProperty('rssBytesPerUser')
})

test('a look that fails is left out, and without two of them nothing is known', async () => {
  expect(await meter([idle, begin, undefined, end], 10)).toMatchObject({ cpuMsPerTurn: 100, rssBytes: 145e6 })
  expect(await meter([undefined], 10)).toBeUndefined()
})
