import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ModelAnswer } from './model-answer.ts'
import { ChatStream } from './openai-chat.ts'

const head = { id: '1', createdSeconds: 1, model: 'm' }
const usage = { inputTokens: 7, cachedTokens: 3, outputTokens: 5 }

interface Chunk {
  readonly choices: readonly {
    readonly delta: {
      content?: string | null
      tool_calls?: { index: number; id?: string; function: { name?: string; arguments?: string } }[]
    }
    readonly finish_reason: string | null
  }[]
  readonly usage?: unknown
}

function chunksOf(events: string): Chunk[] {
  const data = events.split('\n\n')
  expect(data.pop()).toBe('')
  return data.map((line) => JSON.parse(line.replace(/^data: /, '')) as Chunk)
}

const answers: fc.Arbitrary<ModelAnswer> = fc.oneof(
  fc.record({
    text: fc.oneof(fc.string({ minLength: 1 }), fc.stringMatching(/^[a-z .é]+$/)),
    toolCalls: fc.constant([]),
    finish: fc.constant('stop' as const),
  }),
  fc.record({
    text: fc.constant(''),
    toolCalls: fc.array(fc.record({ id: fc.uuid(), name: fc.string(), arguments: fc.json() }), {
      minLength: 1,
      maxLength: 4,
    }),
    finish: fc.constant('tool_calls' as const),
  }),
)

test('however an answer is cut, its pieces are the answer', () => {
  fc.assert(
    fc.property(answers, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (answer, cuts) => {
      const stream = new ChatStream(head, answer, usage, { includeUsage: false })
      const at = [...cuts.toSorted((a, b) => a - b), 1]
      const pieces = at.map((to) => stream.piece(to))
      const deltas = chunksOf(stream.opening() + pieces.join('')).map((chunk) => chunk.choices[0]!.delta)
      expect(deltas.map((delta) => delta.content ?? '').join('')).toBe(answer.text)
      const calls: { id: string; name: string; arguments: string }[] = []
      for (const { index, id, function: called } of deltas.flatMap((delta) => delta.tool_calls ?? [])) {
        if (id !== undefined) calls[index] = { id, name: called.name!, arguments: '' }
        calls[index]!.arguments += called.arguments ?? ''
      }
      expect(calls).toEqual(answer.toolCalls)
    }),
  )
})

test('an encoding of one byte a character is named only where all that is said has it', () => {
  const streamOf = (model: string, text: string) =>
    new ChatStream({ ...head, model }, { text, toolCalls: [], finish: 'stop' }, usage, {
      includeUsage: false,
    })
  expect(streamOf('m', 'plain words').encoding).toBe('latin1')
  expect(streamOf('modèle', 'plain words').encoding).toBeUndefined()
  expect(streamOf('m', 'mots simples, à peu près').encoding).toBeUndefined()
  const failure = streamOf('m', 'plain words').failure('zu spät 👍')
  expect(failure).toMatch(/^[\n -~]*$/)
  expect(JSON.parse(failure.replace(/^data: /, '')).error.message).toBe('zu spät 👍')
})

test('usage comes last, on its own, where it was asked for', () => {
  const answer: ModelAnswer = { text: 'hello', toolCalls: [], finish: 'stop' }
  const [finish, last, done] = new ChatStream(head, answer, usage, { includeUsage: true })
    .closing()
    .trimEnd()
    .split('\n\n')
  expect(JSON.parse(finish!.slice(6))).toMatchObject({
    choices: [{ delta: {}, finish_reason: 'stop' }],
    usage: null,
  })
  expect(JSON.parse(last!.slice(6))).toMatchObject({
    choices: [],
    usage: {
      prompt_tokens: 7,
      completion_tokens: 5,
      total_tokens: 12,
      prompt_tokens_details: { cached_tokens: 3 },
    },
  })
  expect(done).toBe('data: [DONE]')
  const plain = new ChatStream(head, answer, usage, { includeUsage: false }).closing()
  expect(plain).not.toContain('usage')
})
