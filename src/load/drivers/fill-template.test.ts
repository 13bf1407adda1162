import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonTemplate } from '../../workload/target.ts'
import { type TemplateValues, fillJson, fillPath, fillRequest, fillText } from './fill-template.ts'

const values: TemplateValues = {
  text: 'say "hi"\n{user}',
  session: 'a/b',
  user: '3',
  turn: '0',
  traceparent: '00-1-2-01',
}

test.each([
  ['{user}/{turn}', '3/0'],
  ['{{user}} is {user}', '{user} is 3'],
  ['{text}', 'say "hi"\n{user}'],
  ['{job}{unknown}{__proto__}{constructor}', '{job}{unknown}{__proto__}{constructor}'],
  ['{ user } { } {', '{ user } { } {'],
])('%s', (template, filled) => {
  expect(fillText(template, values)).toBe(filled)
})

test('a value cannot leave its place in a path or in JSON', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const path = fillPath('/ä/{text}/end', { ...values, text })
      expect(path).toMatch(/^\/%C3%A4\/[^/?#\s]*\/end$/)
      const body = JSON.stringify(fillJson({ a: ['{text}'] }, { ...values, text }))
      expect(JSON.parse(body)).toEqual({ a: [text] })
    }),
  )
})

test('an entry that is nothing but an unknown session is left out', () => {
  const unknown = { ...values, session: undefined }
  expect(fillJson({ id: '{session}', in: ['{session}', 'x{session}'], n: null }, unknown)).toEqual({
    in: ['x'],
    n: null,
  })
})

test('headers of a template go before the usual ones, of whatever case', () => {
  const template = {
    method: 'POST' as const,
    path: '/x',
    headers: { Accept: 'text/plain', 'Content-Type': 'application/vnd.a+json', 'x-user': '{user}' },
    body: {},
  }
  expect(fillRequest(template, values, ['accept', 'application/json', 'baggage', 'b'], 1).headers).toEqual([
    'baggage',
    'b',
    'Accept',
    'text/plain',
    'Content-Type',
    'application/vnd.a+json',
    'x-user',
    '3',
  ])
})

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('{text}', '{session}', 'x{session}', '{{user}} {user}', '{job}', 'plain', '☂"\n', '{'),
    fc.constantFrom(null, true, 7, 1e21),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', '2', '{user}', 'é', '__proto__'), tie('value'), { maxKeys: 3 }),
  ),
})).value as fc.Arbitrary<JsonTemplate>

test('a body is written as its filled JSON would be', () => {
  const of = fc.record({ template: json, text: fc.string({ unit: 'binary' }), known: fc.boolean() })
  fc.assert(
    fc.property(of, ({ template, text, known }) => {
      const filled = { ...values, text, session: known ? 'a"b' : undefined }
      const request = { method: 'POST' as const, path: '/x', headers: {}, body: template }
      expect(fillRequest(request, filled, [], 1).body).toBe(JSON.stringify(fillJson(template, filled)))
    }),
    { numRuns: 500, seed: 2 },
  )
})

test('a form is encoded as a browser does', () => {
  const template = { method: 'POST' as const, path: '/x', headers: {}, form: { q: '{text}', s: '{session}' } }
  const request = fillRequest(template, values, [], 1)
  expect(request.body).toBe('q=say+%22hi%22%0A%7Buser%7D&s=a%2Fb')
  expect(request.headers).toEqual(['content-type', 'application/x-www-form-urlencoded'])
})
