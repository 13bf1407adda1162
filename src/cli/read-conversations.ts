import { z } from 'zod'
import { parsedJson } from '../wire/parsed-json.ts'
import { UserError } from './exit-codes.ts'
import { readBeside } from './read-trace.ts'

const text = z.string().min(1).max(100_000)
const content = z.union([text, z.array(z.looseObject({ text: text.optional() }))])
/** A list of what the user said, or messages as model APIs have them. */
const conversation = z.union([
  z.array(text),
  z.looseObject({ messages: z.array(z.looseObject({ role: z.string(), content: content.nullish() })) }),
])

/** What users said in each conversation of a file of JSON lines (or .jsonl.gz) beside the workload file. */
export function readConversations(workloadFile: string, name: string): string[][] {
  const lines = readBeside(workloadFile, name, 'conversations').split(/\r?\n/)
  const said = lines.flatMap((line, i) =>
    line.trim() === '' ? [] : [saidIn(line, `${name}, line ${i + 1}`)],
  )
  if (said.length === 0) throw new UserError(`${name} holds no conversation`)
  return said
}

const shapes = 'such as ["Hello", "And on Sundays?"] or {"messages": [{"role": "user", "content": "Hello"}]}'

function saidIn(line: string, place: string): string[] {
  const value = parsedJson(line)
  if (value === undefined)
    throw new UserError(`${place} is not valid JSON`, { hint: `a conversation a line, ${shapes}` })
  const { data } = conversation.safeParse(value)
  if (!data) throw new UserError(`${place} is not a conversation`, { hint: shapes })
  const said = Array.isArray(data)
    ? data
    : data.messages.filter(({ role }) => role === 'user').map((message) => textOf(message.content))
  if (said.length === 0 || said.includes(''))
    throw new UserError(`${place}: the user says nothing`, { hint: shapes })
  return said
}

function textOf(parts: z.output<typeof content> | null | undefined): string {
  if (typeof parts === 'string') return parts
  return (parts ?? []).map((part) => part.text ?? '').join('')
}
