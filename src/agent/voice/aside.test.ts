import { expect, test } from 'vitest'
import { Aside } from './aside.ts'

test('some at once, the oldest of those that wait given up, and what fails concerns nobody', async () => {
  const aside = new Aside(2, 3)
  const done: number[] = []
  const open: (() => void)[] = []
  for (let i = 0; i < 8; i++)
    aside.add(async () => {
      await new Promise<void>((resolve) => open.push(resolve))
      done.push(i)
      throw new Error('nobody minds')
    })
  expect([open.length, aside.forgotten]).toEqual([2, 3])
  while (done.length < 5) {
    for (const go of open.splice(0)) go()
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(done).toEqual([0, 1, 5, 6, 7])
})
