// What ends a loop and what goes on with it, in the words of every model API: forms of answers, choices of tools,
// parallel calls, output tools, hand-offs.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Provider, startProvider } from '../src/provider/start-provider.ts'
import { textMarker } from '../src/sessions/turn-key.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { versionOf } from './version-of.ts'
import {
  type Asked,
  spokenDialects,
  type SpokenDialect,
  type Told,
  type ToldCall,
} from './spoken-dialects.ts'

const { workload } = parseWorkload(`
scenarios: [{ depth: 3, tools: [orders, transfer_to_billing] }]
model: { id: any, output: 40, ttft: 0ms, perToken: 0ms }
tools: { orders: { latency: 0ms, fanOut: 2, arguments: { order: [1001, 1002] } }, transfer_to_billing: { latency: 0ms } }
`)

/** A form with most of what schemas say. */
const shape = {
  type: 'object',
  properties: {
    answer: { type: 'string', minLength: 5 },
    urgency: { type: 'string', enum: ['low', 'high'] },
    score: { type: 'integer', minimum: 2, maximum: 4 },
    steps: {
      type: 'array',
      minItems: 2,
      items: { type: 'object', properties: { done: { type: 'boolean' } }, required: ['done'] },
    },
    note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
  },
  required: ['answer', 'urgency', 'score', 'steps', 'note'],
  additionalProperties: false,
}
const order = {
  type: 'object',
  properties: { order: { type: 'integer' }, detail: { type: 'string' } },
  required: ['order', 'detail'],
  additionalProperties: false,
}
const plain = { type: 'object', properties: {}, additionalProperties: false }
const parametersOf = (tool: string) =>
  tool.startsWith('transfer') ? plain : tool === 'final_result' || tool === 'Route' ? shape : order
const fits = (schema: object, value: unknown): boolean =>
  z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema).safeParse(value).success

let provider: Provider
beforeAll(async () => {
  provider = await startProvider(workload!, { seed: 5, runId: 'dialects' })
})
afterAll(() => provider.close())

let sessions = 0
/** A conversation in one API. */
class Conversation {
  readonly #dialect: SpokenDialect
  readonly #items: Readonly<Record<string, unknown>>[]

  constructor(dialect: SpokenDialect) {
    this.#dialect = dialect
    this.#items = [dialect.said(`Where is it? ${textMarker({ run: 1, session: sessions++, turn: 0 })}`)]
  }

  /** Asks, and goes on with what is told and the results of its calls. */
  async ask(asked: Asked): Promise<Told> {
    const { path, body, told, followed } = this.#dialect
    const answer = await fetch(provider.url + path, {
      method: 'POST',
      headers: versionOf(path),
      body: JSON.stringify(body(this.#items, asked, parametersOf)),
    })
    const said = (await answer.json()) as Readonly<Record<string, unknown>>
    if (answer.status !== 200) return { status: answer.status, text: '', calls: [], finish: '' }
    const read = told(said)
    const results = read.calls.map(() => 'done')
    this.#items.push(...followed(said, read.calls, results))
    for (const call of read.calls) expect(fits(parametersOf(call.name), call.arguments), call.name).toBe(true)
    return { status: 200, ...read }
  }
}

const namesOf = ({ calls }: Told): string[] => calls.map(({ name }: ToldCall) => name)

describe.each(Object.entries(spokenDialects))('%s', (_, dialect: SpokenDialect) => {
  const { answer, calls } = dialect.finishes

  test('a form: tools until the depth is reached, then an answer that fits it', async () => {
    const conversation = new Conversation(dialect)
    for (const step of [1, 2]) {
      const told = await conversation.ask({ tools: ['orders'], schema: shape })
      expect([step, ...namesOf(told), told.finish]).toEqual([step, 'orders', 'orders', calls])
    }
    const told = await conversation.ask({ tools: ['orders'], schema: shape })
    expect([told.calls, told.finish]).toEqual([[], answer])
    expect(fits(shape, JSON.parse(told.text))).toBe(true)
  })

  test('a form and no tools: an answer that fits it at once', async () => {
    const told = await new Conversation(dialect).ask({ tools: ['delete_account'], schema: shape })
    expect([told.calls, told.finish]).toEqual([[], answer])
    expect(fits(shape, JSON.parse(told.text))).toBe(true)
  })

  if (dialect.can.includes('none'))
    test('no tools allowed: an answer, before the depth', async () => {
      const told = await new Conversation(dialect).ask({ tools: ['orders'], choice: 'none' })
      expect([told.calls, told.finish]).toEqual([[], answer])
      expect(told.text.length).toBeGreaterThan(20)
    })

  test('some tool demanded: one that the scenario names, also beyond the depth', async () => {
    const conversation = new Conversation(dialect)
    for (const step of [1, 2, 3, 4]) {
      const told = await conversation.ask({ tools: ['delete_account', 'orders'], choice: 'any' })
      expect([step, ...new Set(namesOf(told)), told.finish]).toEqual([step, 'orders', calls])
    }
  })

  test('a tool demanded by name: that one, or a refusal where no scenario names it', async () => {
    const tools = ['orders', 'transfer_to_billing', 'delete_account']
    const ask = (name: string) => new Conversation(dialect).ask({ tools, choice: { name } })
    expect(namesOf(await ask('transfer_to_billing'))).toEqual(['transfer_to_billing'])
    expect(new Set(namesOf(await ask('orders')))).toEqual(new Set(['orders']))
    expect(await ask('delete_account')).toMatchObject({ status: 400 })
  })

  test('calls at once: as many as the file says, each with an id of its own', async () => {
    const told = await new Conversation(dialect).ask({ tools: ['orders'] })
    expect(namesOf(told)).toEqual(['orders', 'orders'])
    expect(new Set(told.calls.map(({ id }) => id)).size).toBe(2)
    expect(told.calls.every(({ id }) => id.length > 5)).toBe(true)
  })

  if (dialect.can.includes('one at a time'))
    test('no calls at once: one', async () => {
      const told = await new Conversation(dialect).ask({ tools: ['orders'], isParallel: false })
      expect(namesOf(told)).toEqual(['orders'])
    })

  test('an output tool: last, once, and with what fits it', async () => {
    const conversation = new Conversation(dialect)
    const names = []
    for (let step = 1; step <= 3; step++) {
      const told = await conversation.ask({
        tools: ['orders', 'delete_account', 'final_result'],
        choice: 'any',
      })
      names.push([...new Set(namesOf(told))].join())
    }
    expect(names).toEqual(['orders', 'orders', 'final_result'])
  })

  test('a router’s only tool: at once', async () => {
    const told = await new Conversation(dialect).ask({ tools: ['Route'], choice: { name: 'Route' } })
    expect(namesOf(told)).toEqual(['Route'])
  })

  test('a hand-off is called as any tool, and the loop goes on with the other agent’s', async () => {
    const conversation = new Conversation(dialect)
    expect(namesOf(await conversation.ask({ tools: ['transfer_to_billing'] }))).toEqual([
      'transfer_to_billing',
    ])
    expect(new Set(namesOf(await conversation.ask({ tools: ['orders'] })))).toEqual(new Set(['orders']))
    const told = await conversation.ask({ tools: ['orders'] })
    expect([told.calls, told.finish]).toEqual([[], answer])
  })
})
