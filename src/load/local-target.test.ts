import { expect, test } from 'vitest'
import { isAllowedTarget, isLocalTarget, requireAllowedTarget } from './local-target.ts'

test.each([
  ['http://localhost:4000', true],
  ['http://LOCALHOST', true],
  ['http://agent.localhost/path', true],
  ['http://127.0.0.1:80', true],
  ['http://127.3.2.1', true],
  ['http://2130706433/', true],
  ['http://[::1]:4000', true],
  ['http://0.0.0.0', false],
  ['http://10.0.0.1', false],
  ['http://127.0.0.1.example.com', false],
  ['http://localhost.example.com', false],
  ['http://notlocalhost', false],
  ['http://localhost@example.com/', false],
  ['http://[::2]', false],
])('%s is this machine: %s', (url, local) => {
  expect(isLocalTarget(url)).toBe(local)
})

test('another machine must be named, by host or by host and port', () => {
  expect(isAllowedTarget('https://agent.example.com:8443', ['agent.example.com'])).toBe(true)
  expect(isAllowedTarget('https://agent.example.com:8443', ['agent.example.com:8443'])).toBe(true)
  expect(isAllowedTarget('https://agent.example.com:8443', ['example.com'])).toBe(false)
  expect(() => requireAllowedTarget('https://agent.example.com', [])).toThrow(/not on this machine/)
})
