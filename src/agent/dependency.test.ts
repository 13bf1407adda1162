import { expect, test } from 'vitest'
import { Dependency, DependencyFailure } from './dependency.ts'

const breakers = { failures: 0.5, calls: 4, openForMs: 30 }
const { signal } = new AbortController()
const well = (): Promise<string> => Promise.resolve('well')
const badly = (): Promise<string> => Promise.reject(new Error('down'))
const why = (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch((error: unknown) => (error instanceof DependencyFailure ? error.why : error))

test('opens when the share of the last calls failed, refuses at once, tries again later', async () => {
  const dependency = new Dependency({ name: 'crm', limitMs: Infinity, breakers })
  const outcomes = []
  for (const work of [well, badly, well, badly, well]) outcomes.push(await why(dependency.run(work, signal)))
  expect(outcomes).toEqual(['well', 'failed', 'well', 'failed', 'open'])
  expect(dependency.isOpen).toBe(true)
  expect(dependency.counts).toEqual({ asked: 5, refused: 1, failed: 2 })
  await expect.poll(() => why(dependency.run(well, signal))).toBe('well')
  expect(dependency.isOpen).toBe(false)
})

test('what takes too long has failed, and is told to stop', async () => {
  const dependency = new Dependency({
    name: 'crm',
    limitMs: 5,
    breakers: { ...breakers, failures: 1, calls: 1 },
  })
  const work = (cut: AbortSignal): Promise<void> =>
    new Promise((_, reject) => cut.addEventListener('abort', () => reject(new Error('stopped'))))
  expect(await why(dependency.run(work, signal))).toBe('late')
  expect(dependency.isOpen).toBe(true)
})

test('whoever gives up says nothing about the dependency', async () => {
  const dependency = new Dependency({
    name: 'crm',
    limitMs: 1000,
    breakers: { ...breakers, failures: 1, calls: 1 },
  })
  const caller = new AbortController()
  const asked = dependency.run(() => new Promise(() => {}), caller.signal)
  caller.abort('barged in')
  await expect(asked).rejects.toBe('barged in')
  expect([dependency.isOpen, dependency.counts.failed]).toEqual([false, 0])
})

test('without rules it never opens', async () => {
  const dependency = new Dependency({ name: 'crm', limitMs: Infinity })
  for (let i = 0; i < 20; i++) expect(await why(dependency.run(badly, signal))).toBe('failed')
})
