import { expect, test } from 'vitest'
import { type Expected, judgeAnswer } from './golden-question.ts'

const json = (subset: unknown): Expected => ({ kind: 'json', subset })
const fenced = 'Here you are:\n```json\n{"id": 7, "items": [{"n": 1}]}\n```\nAnything else?'

test.each<[Expected, string, boolean | undefined]>([
  [{ kind: 'contains', text: '9 AM' }, 'We open at 9 am.', true],
  [{ kind: 'contains', text: '9 am' }, 'We open at 10 am.', false],
  [{ kind: 'regex', pattern: /\b9 ?am\b/i }, 'at 9AM', true],
  [{ kind: 'regex', pattern: /^9/ }, 'at 9', false],
  [json({ id: 7 }), '{"id": 7, "more": true}', true],
  [json({ id: 7, items: [{ n: 1 }] }), fenced, true],
  [json({ id: 8 }), fenced, false],
  [json({ items: [] }), fenced, false],
  [json({ id: '7' }), fenced, false],
  [json({ toString: 1 }), '{}', false],
  [json({ id: 7 }), 'no JSON at all', false],
  [json([1, { a: null }]), '[1, {"a": null, "b": 2}]', true],
  [json(null), 'null', true],
  [{ kind: 'schema', isValid: (value) => (value as { id?: number }).id === 7 }, fenced, true],
  [{ kind: 'schema', isValid: () => true }, 'no JSON', false],
  [{ kind: 'judge', command: ['yes'], timeoutMs: 1 }, 'right', true],
  [{ kind: 'judge', command: ['yes'], timeoutMs: 1 }, 'wrong', false],
  [{ kind: 'judge', command: ['yes'], timeoutMs: 1 }, 'strange', undefined],
])('%j of «%s»: %s', async (expect_, answer, verdict) => {
  const question = { name: 'one', question: 'what?', slices: [], expect: expect_ }
  const said: Record<string, boolean> = { right: true, wrong: false }
  expect(await judgeAnswer(question, answer, (_, asked) => Promise.resolve(said[asked.answer]))).toBe(verdict)
})
