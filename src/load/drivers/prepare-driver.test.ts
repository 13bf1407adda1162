import { expect, test } from 'vitest'
import { prepareDriver } from './prepare-driver.ts'

test.each([
  ['sessions', 'http://127.0.0.1:4000', {}, 0],
  ['sessions', 'https://127.0.0.1:4000', {}, 1],
  ['websocket', 'http://127.0.0.1:4000', {}, 1],
  ['openai', 'http://agent.example', { http: 'http://proxy.example' }, 1],
] as const)('%s to %s through %j asks for the library: %i', (driver, target, proxies, times) => {
  let asked = 0
  prepareDriver({ driver, target, proxies }, () => {
    asked++
    return {}
  })
  expect(asked).toBe(times)
})
