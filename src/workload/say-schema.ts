import { z } from 'zod'
import { reading } from './fields.ts'
import { readHanded } from './read-handed.ts'

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
  return readHanded(
    { option: 'conversations', missing: `the conversations of ${file} were not handed over` },
    conversations && (() => conversations(file)),
  )
}
