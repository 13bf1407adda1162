import { dirname } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { askCommand } from '../host/ask-command.ts'
import type { AskJudge, Expected, GoldenQuestion } from '../load/golden/golden-question.ts'
import { parseDuration } from '../workload/units.ts'
import { UserError } from './exit-codes.ts'
import { readText } from './read-workload.ts'

const text = z.string().min(1).max(100_000)
const time = z.string().refine((written) => (parseDuration(written) ?? 0) > 0, 'expected a time such as 30s')
const expected = z.union([
  text,
  z.strictObject({ contains: text }),
  z.strictObject({ regex: text, flags: z.string().optional() }),
  z.strictObject({ json: z.unknown() }),
  z.strictObject({ schema: z.record(z.string(), z.unknown()) }),
  z.strictObject({ judge: z.union([z.tuple([text], text)]), timeout: time.optional() }),
])
const question = z.strictObject({
  name: text.optional(),
  question: text,
  expect: expected,
  slices: z.union([text, z.array(text)]).optional(),
})

const example = '- { question: "When do you open?", expect: /9 ?am/i, slices: [hours] }'

/** Golden questions with the folder that their judges run in. */
export interface GoldenFile {
  readonly questions: readonly GoldenQuestion[]
  readonly judge: AskJudge
}

/** Reads questions whose answers are known: a YAML or JSON list, or JSON lines. Every mistake at once, as UserError. */
export function readGolden(file: string): GoldenFile {
  const entries = listIn(readText(file, 16_000_000), file)
  const problems: string[] = []
  const questions = entries.flatMap((entry, i) => {
    try {
      return [questionOf(entry, i)]
    } catch (error) {
      problems.push(`${file}, question ${i + 1}: ${(error as Error).message}`)
      return []
    }
  })
  if (problems.length > 0) throw new UserError(problems.join('\n'), { hint: `such as ${example}` })
  if (questions.length === 0) throw new UserError(`${file} holds no question`, { hint: `such as ${example}` })
  const twice = questions.find(({ name }, i) => questions.findIndex((other) => other.name === name) < i)
  if (twice) throw new UserError(`${file}: two questions are named ${twice.name}`)
  return { questions, judge: judgeIn(dirname(file)) }
}

function listIn(written: string, file: string): unknown[] {
  try {
    const value: unknown = file.endsWith('.jsonl')
      ? written.split(/\r?\n/).flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as unknown]))
      : parse(written)
    if (Array.isArray(value)) return value
  } catch (error) {
    throw new UserError(`${file}: ${(error as Error).message.split('\n')[0]}`)
  }
  throw new UserError(`${file} is not a list of questions`, { hint: `such as ${example}` })
}

function questionOf(entry: unknown, index: number): GoldenQuestion {
  const { data, error } = question.safeParse(entry)
  if (!data) throw new Error(whatIsWrong(error))
  const { slices = [] } = data
  return {
    name: data.name ?? `question ${index + 1}`,
    question: data.question,
    slices: typeof slices === 'string' ? [slices] : slices,
    expect: expectedOf(data.expect),
  }
}

function whatIsWrong({ issues }: z.ZodError): string {
  const { path, message, code } = issues[0]!
  return code === 'invalid_union'
    ? `${path.join('.')}: expected text, /a pattern/, { contains }, { regex }, { json }, { schema } or { judge: [command, ...] }`
    : `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`
}

const usualTimeoutMs = 30_000

function expectedOf(written: z.output<typeof expected>): Expected {
  if (typeof written === 'string') {
    const [, pattern, flags] = /^\/(.+)\/([a-z]*)$/s.exec(written) ?? []
    return pattern === undefined
      ? { kind: 'contains', text: written }
      : { kind: 'regex', pattern: patternOf(pattern, flags) }
  }
  if ('contains' in written) return { kind: 'contains', text: written.contains }
  if ('regex' in written) return { kind: 'regex', pattern: patternOf(written.regex, written.flags) }
  if ('schema' in written) return { kind: 'schema', isValid: validator(written.schema) }
  if ('judge' in written) {
    const timeoutMs = written.timeout === undefined ? usualTimeoutMs : parseDuration(written.timeout)!
    return { kind: 'judge', command: written.judge, timeoutMs }
  }
  return { kind: 'json', subset: written.json }
}

/** Without `g` and `y`, which remember where they were. */
const patternOf = (pattern: string, flags = ''): RegExp => new RegExp(pattern, flags.replaceAll(/[gy]/g, ''))

function validator(schema: Record<string, unknown>): (value: unknown) => boolean {
  const known = z.fromJSONSchema(schema)
  return (value) => known.safeParse(value).success
}

/** The judge gets the answer on its standard input as JSON: exit code 0 says right, 1 wrong, any other that it cannot tell. */
function judgeIn(cwd: string): AskJudge {
  return async ({ command, timeoutMs }, asked) => {
    const { code } = await askCommand(command, { input: `${JSON.stringify(asked)}\n`, cwd, timeoutMs })
    return code === 0 ? true : code === 1 ? false : undefined
  }
}
