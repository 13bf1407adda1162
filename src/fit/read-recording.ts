import { z } from 'zod'
import type { Recording } from '../result/recording.ts'
import { parsedJson } from '../wire/parsed-json.ts'

const amount = z.number().min(0)
/** JSON has no word for an instant that never was. */
const instant = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN)

const call = z.object({
  model: z.string(),
  sentAtMs: z.number(),
  firstTokenAtMs: instant,
  lastTokenAtMs: instant,
  endedAtMs: z.number(),
  status: amount,
  completed: z.boolean(),
  streamed: z.boolean(),
  chunks: amount,
  inputTokens: amount,
  cachedTokens: amount,
  outputTokens: amount,
  usageTold: z.boolean(),
  maxTokens: amount.exactOptional(),
  sizes: z.object({
    system: amount,
    message: amount,
    toolResults: z.array(amount),
    whole: amount,
    earlierMessages: amount,
  }),
  answers: z.array(z.string()),
  asks: z.array(z.object({ id: z.string(), name: z.string() })),
  limits: z
    .object({
      requests: amount.exactOptional(),
      tokens: amount.exactOptional(),
      inputTokens: amount.exactOptional(),
      outputTokens: amount.exactOptional(),
    })
    .exactOptional(),
  text: z.object({ request: z.string(), answer: z.string() }).exactOptional(),
})

const recording = z.object({
  format: z.literal(1),
  turns: z
    .array(
      z.object({
        session: amount.int(),
        turn: amount.int(),
        sentAtMs: z.number(),
        endedAtMs: z.number(),
        completed: z.boolean(),
        calls: z.array(call),
        tools: z.array(
          z.object({ name: z.string(), sentAtMs: z.number(), endedAtMs: z.number(), failed: z.boolean() }),
        ),
      }),
    )
    .min(1),
  unjoined: amount,
})

/** A recording as it was written, or in a sentence what is wrong with it. */
export function readRecording(text: string): Recording | string {
  const value = parsedJson(text)
  if (value === undefined) return 'it is no JSON'
  const read = recording.safeParse(value)
  if (read.success) return read.data
  const { path, message } = read.error.issues[0]!
  return `${path.join('.') || 'the whole'}: ${message}`
}
