import { z } from 'zod'
import { reading } from './fields.ts'
import { Mistake } from './mistake.ts'

/** What users said in each conversation of a file that stands beside the workload file. Throws what is wrong with it. */
export type Conversations = (file: string) => readonly (readonly string[])[]

/** What a scenario's users say: one message, one a turn, or recorded conversations. */
export function saySchema(conversations?: Conversations) {
  const text = z.string().min(1)
  return z
    .union([
      text,
      z.array(text).min(1),
      z
        .strictObject({
          file: text.describe('Lines of JSON beside this file, a conversation each: a list of messages.'),
        })
        .transform(reading(({ file }) => ({ conversations: readConversations(file, conversations) }))),
    ])
    .describe('What the user says: one message, one a turn, or { file: conversations.jsonl }.')
}

function readConversations(
  file: string,
  conversations: Conversations | undefined,
): readonly (readonly string[])[] {
  if (!conversations)
    throw new Mistake(
      'missing_trace',
      `the conversations of ${file} were not handed over`,
      'pass options.conversations to parseWorkload; the command line reads the file itself',
    )
  try {
    return conversations(file)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const { hint } = error as { hint?: unknown }
    throw new Mistake('missing_trace', error.message, typeof hint === 'string' ? hint : undefined)
  }
}
