import { expect, test } from 'vitest'
import { requestOf } from './script-request.ts'

test.each([
  ['another host', 'http://elsewhere/x', {}, /takes a path of the target/],
  ['a blank', '/a b', {}, /encodeURIComponent/],
  ['a line within', '/a\r\nx: y', {}, /takes a path/],
  ['a header with a line within', '/a', { headers: { x: 'y\r\nz: 1' } }, /header «x» cannot be sent/],
  ['no time', '/a', { timeoutMs: 0 }, /timeoutMs is 0/],
])('what cannot be sent as it was meant is told: %s', (_, path, request, message) => {
  expect(() => requestOf(3, path, request)).toThrow(message)
})

test.each([
  [{}, { method: 'GET', headers: [] }],
  [{ body: 'a=1' }, { method: 'POST', headers: [], body: 'a=1' }],
  [
    { body: [1], method: 'PUT' },
    { method: 'PUT', headers: ['content-type', 'application/json'], body: '[1]' },
  ],
  [
    { body: {}, headers: { 'Content-Type': 'application/merge-patch+json' } },
    { method: 'POST', headers: ['Content-Type', 'application/merge-patch+json'], body: '{}' },
  ],
] as const)('%j is sent as %j', (request, sent) => {
  expect(requestOf(3, '/a?b=c', request)).toEqual({ session: 3, path: '/a?b=c', ...sent })
})
