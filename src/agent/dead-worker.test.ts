import type { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Call, errorOf, world } from './fixture-agent.ts'

const died = { code: 'internal', message: 'a worker of the agent died' }

/** An agent of one worker with one turn at a time, and the thread that runs it. */
async function oneWorker() {
  const threads: Worker[] = []
  const onThread = (thread: Worker): void => void threads.push(thread)
  process.on('worker', onThread)
  onTestFinished(() => void process.off('worker', onThread))
  onTestFinished(() => void vi.unstubAllEnvs())
  const calls: Call[] = []
  const play = (call: Call): void => void calls.push(call)
  const around = await world(play, 'workers: 1, concurrency: 1, queue: 5')
  const kill = async (): Promise<void> => void (await threads.at(-1)!.terminate())
  return { ...around, threads, calls, kill }
}

test('with a worker its turn dies, and who waits is answered by the next one', async () => {
  const { open, post, metrics, calls, kill } = await oneWorker()
  const lost = post(await open(), 'hello')
  await expect.poll(() => calls.length).toBe(1)
  const waiting = [await open(), await open()].map((session) => post(session, 'hello'))
  await expect.poll(async () => (await metrics()).get('agent_turns_waiting')).toBe(2)
  await kill()
  expect(await errorOf(await lost)).toEqual(died)
  for (const [i, answer] of waiting.entries()) {
    await expect.poll(() => calls.length).toBe(i + 2)
    calls[i + 1]!.say('here')
    expect((await answer).status).toBe(200)
  }
})

test.each([
  ['that cannot be started', '--no-such-flag'],
  ['that does not come up', '--import=data:text/javascript,throw(1)'],
])('a worker %s fails its turns, and is tried again with the next', async (_, nodeOptions) => {
  const { open, post, metrics, threads, calls, kill } = await oneWorker()
  vi.stubEnv('NODE_OPTIONS', nodeOptions)
  await kill()
  for (let i = 0; i < 2; i++) expect(await errorOf(await post(await open(), 'hello'))).toEqual(died)
  expect((await metrics()).get('agent_worker_event_loop_utilization{worker="0"}')).toBe(0)
  vi.unstubAllEnvs()
  const before = threads.length
  const answer = post(await open(), 'hello')
  await expect.poll(() => calls.length).toBe(1)
  calls[0]!.say('here')
  expect((await answer).status).toBe(200)
  expect(threads.length).toBe(before + 1)
})
