import { z } from 'zod'
import { type Fields, reading } from './fields.ts'
import { quotaSchema } from './quota-schema.ts'
import type { FilesBeside } from './target-access.ts'
import { readTokenizing, tokenizerNames } from './tokenizer.ts'

/** What the input of a model call is made of. */
export function inputSchema(f: Fields) {
  return z
    .strictObject({
      system: f.sizes.optional().describe('System prompt and tool definitions.'),
      message: f.sizes.optional().describe('One user message.'),
      toolResult: f.sizes.optional().describe('Each tool result.'),
      history: f.history.optional().describe('Earlier messages sent along; window(6) is the last six.'),
    })
    .describe('Input tokens of a model call, by what they are made of.')
}

/** A model behind the agent: its tokens, its pace, its limits and its price. */
export function modelSchema(f: Fields, files?: FilesBeside) {
  const text = z.string().min(1)

  const price = z
    .strictObject({
      input: f.money.optional().describe('A million input tokens.'),
      cached: f.money
        .optional()
        .describe('A million input tokens from the cache; as input where not written.'),
      written: f.money
        .optional()
        .describe('A million input tokens that the cache keeps from then on; as input where not written.'),
      writtenHour: f.money
        .optional()
        .describe('The same, kept for an hour (Claude); as written where not written.'),
      output: f.money.optional().describe('A million output tokens.'),
      unit: f.money
        .optional()
        .describe('A provisioned unit (PTU, GSU) for a month; dated list prices where not written.'),
    })
    .describe('Price of a million tokens; a preset fills what is not written.')

  return z
    .strictObject({
      like: text
        .optional()
        .describe('A dated preset, such as openai/gpt-4.1-mini: pace of tokens and price.'),
      id: text.optional().describe('What requests say in their model field; by default the end of like.'),
      tokenizer: z
        .union([z.enum(tokenizerNames), text])
        .transform(reading((tokenizer: string) => readTokenizing(tokenizer, files)))
        .optional()
        .describe(
          'What the provider counts tokens with: an encoding, the tokenizer.json of a model beside this file, or characters, an estimate (four make a token); by the id where not written.',
        ),
      input: inputSchema(f).optional(),
      output: f.sizes.optional().describe('Output tokens of one call.'),
      maxTokens: f.whole1.optional().describe('Sent as max_tokens; quotas reserve it.'),
      context: f.whole1
        .optional()
        .describe(
          'Most input tokens that a call may have: the provider refuses longer ones, as its API does.',
        ),
      cached: f.share.optional().describe('Share of input tokens served from the prompt cache.'),
      promptCache: z
        .strictObject({
          keep: f.durationAbove0.optional().describe('How long a beginning is kept after its last use; 5m.'),
          from: f.whole1.optional().describe('Shorter beginnings are not cached; 1024 tokens.'),
          step: f.whole1.optional().describe('Cached tokens come in multiples of it; 128.'),
        })
        .optional()
        .describe('The provider counts as cached what begins as an earlier request did, and not the share.'),
      ttft: f.durations.optional().describe('Request to first token.'),
      perToken: f.durations.optional().describe('Between tokens, one draw a call.'),
      tokensPerChunk: f.counts.optional().describe('Tokens in one streamed chunk.'),
      quota: quotaSchema(f).optional(),
      engine: z
        .strictObject({
          step: f.duration.describe('Milliseconds of one decoding step.'),
          decode: f.duration.optional().describe('Added to a step by each call in flight.'),
          prefill: f.duration.optional().describe('For each input token.'),
          slots: f.whole1.optional().describe('Calls that run at once.'),
          kv: f.whole1.optional().describe('Tokens that the KV cache holds: contexts of all calls that run.'),
        })
        .optional()
        .describe('A self-hosted engine: T(b) = step·K + b·(decode·K + prefill·P) with b calls in flight.'),
      price: price.optional(),
      fallback: z
        .strictObject({
          to: text.describe('A key of models.'),
          when: z
            .enum(['refused', 'overQuota'])
            .optional()
            .describe('After the last try, where not written; overQuota: also at once on a 429.'),
        })
        .optional()
        .describe('Where calls go that this model does not serve.'),
    })
    .describe('The model behind the agent.')
}
