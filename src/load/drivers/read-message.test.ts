import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AnswerShape } from '../../workload/target.ts'
import type { TurnObserver } from '../driver.ts'
import { MessageReader, holds, idAt, pointedAt } from './read-message.ts'

/** The document of RFC 6901, section 5; the escapes are read with the file. */
const document = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, ' ': 7, 'm~n': 8, '-1': 9 }

test.each([
  [[], document],
  [['foo'], document.foo],
  [['foo', '0'], 'bar'],
  [['foo', '-1'], 'baz'],
  [['foo', '-2'], 'bar'],
  [['foo', '-3'], undefined],
  [['foo', '-0'], undefined],
  [['foo', '2'], undefined],
  [['foo', '01'], undefined],
  [['foo', 'length'], undefined],
  [[''], 0],
  [['a/b'], 1],
  [['c%d'], 2],
  [[' '], 7],
  [['m~n'], 8],
  [['-1'], 9],
  [['__proto__'], undefined],
  [['constructor', 'name'], undefined],
  [['foo', '0', 'length'], undefined],
])('%j', (pointer, value) => {
  expect(pointedAt(document, pointer)).toEqual(value)
})

const message = (value: unknown, event = '', data = '') => ({ value, event, data })

test.each([
  [{ at: ['a'] }, message({ a: 0 }), true],
  [{ at: ['a'] }, message({ a: '' }), false],
  [{ at: ['a'] }, message({ a: null }), false],
  [{ at: ['a'] }, message({ a: false }), false],
  [{ at: ['a'] }, message('a'), false],
  [{ at: ['a'], is: [false] }, message({ a: false }), true],
  [{ at: ['a'], is: ['1'] }, message({ a: 1 }), false],
  [{ event: 'x', at: ['a'] }, message({ a: 1 }, 'y'), false],
  [{ event: 'x', at: ['a'] }, message({ a: 1 }, 'x'), true],
  [{ data: '[DONE]' }, message(undefined, '', '[DONE]'), true],
])('%j of %j: %s', (condition, seen, expected) => {
  expect(holds(condition, seen)).toBe(expected)
})

test.each([
  ['abc', 'abc'],
  [7, '7'],
  ['', undefined],
  ['a b', undefined],
  ['a\r\nx-header: b', undefined],
  ['ä', undefined],
  ['x'.repeat(1001), undefined],
  [{ id: 1 }, undefined],
])('an id: %j', (value, id) => {
  expect(idAt({ value }, ['value'])).toBe(id)
})

describe('whatever a target says', () => {
  const shape: AnswerShape = {
    text: ['a'],
    when: { event: 'e', at: ['b'] },
    tokens: ['n'],
    firstToken: { at: ['f'] },
    end: { at: ['z'] },
    error: ['error'],
    session: ['s'],
  }
  const key = fc.constantFrom('a', 'b', 'n', 'f', 'z', 'error', 's', 'code', 'message')
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, fc.jsonValue(), fc.dictionary(key, tie('value'))),
  })).value

  test('a reader never throws, counts no nonsense and is done at most once with text', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(json, fc.constantFrom('e', 'message'))), (messages) => {
        let tokens = 0
        let text = ''
        const seen: TurnObserver = {
          token(_, count) {
            expect(count).toBeGreaterThanOrEqual(0)
            expect(count).toBeLessThanOrEqual(1e6)
            tokens++
          },
          header() {},
          status() {},
          text: (part) => void (text += part),
        }
        const reader = new MessageReader(shape, seen, (said) => said)
        for (const [value, event] of messages) {
          const result = reader.readData(JSON.stringify(value), event, 0)
          if (!result) continue
          expect(['completed', 'failed', 'rejected']).toContain(result.outcome)
          break
        }
        expect(tokens === 0 ? text : 'some').toBe(tokens === 0 ? '' : 'some')
      }),
    )
  })
})
