import type { MeterTerms } from '../quota-terms.ts'
import { dayMs, hourMs, minuteMs } from '../units.ts'
import type { QuotaPreset } from './quota-preset.ts'
import { bucket, input, minuteBucket, output, sliding, term, tokens, where, whole, window } from './terms.ts'

/** What is charged at admission, and whether cached input is, is not published: max_tokens where said, and all of it. */
export const groq: QuotaPreset = {
  source: 'Groq, Rate limits, as read in November 2026; numbers differ by model and plan',
  needs: [['rpm', 'tpm', 'itpm', 'otpm']],
  takes: ['rpm', 'rpd', 'tpm', 'tpd', 'itpm', 'otpm', 'depth'],
  guessed: minuteBucket,
  terms: ({ rpm, rpd, tpm, tpd, itpm, otpm, depth }) => {
    const rules = tokens(whole, { settle: whole })
    return [
      ...where(rpm, (rpm) => term('requests', bucket(rpm, depth))),
      ...where(tpm, (tpm) => term('tokens', bucket(tpm, depth), { tokens: rules })),
      ...where(itpm, (itpm) => term('input-tokens', bucket(itpm, depth), { tokens: tokens(input) })),
      ...where(otpm, (otpm) =>
        term('output-tokens', bucket(otpm, depth), { tokens: tokens(output, { settle: output }) }),
      ),
      ...where(rpd, (rpd) => term('requests', window(rpd, dayMs))),
      ...where(tpd, (tpd) => term('tokens', window(tpd, dayMs), { tokens: rules })),
    ]
  },
}

/** Max_tokens is held against output before the call and the difference given back. */
export const databricks: QuotaPreset = {
  source: 'Azure Databricks, Foundation Model APIs limits and quotas, as read in November 2026',
  needs: [['itpm', 'otpm']],
  takes: ['itpm', 'otpm', 'rph', 'window', 'expectedOutput'],
  published: () => ({ window: minuteMs, expectedOutput: 1000 }),
  terms: ({ itpm, otpm, rph, window: windowMs, expectedOutput }) => {
    const perWindow = (perMinute: number): MeterTerms =>
      sliding((perMinute * windowMs!) / minuteMs, windowMs!)
    return [
      ...where(itpm, (itpm) => term('input-tokens', perWindow(itpm), { tokens: tokens(input) })),
      ...where(otpm, (otpm) =>
        term('output-tokens', perWindow(otpm), {
          tokens: tokens(output, { expectedTokens: expectedOutput!, settle: output }),
        }),
      ),
      ...where(rph, (rph) => term('requests', sliding(rph, hourMs))),
    ]
  },
}

/** By itself vLLM queues without end; a limit is the gateway's. Calls that wait for a slot count, in `kvTokens` too. */
export const vllm: QuotaPreset = {
  source:
    'vLLM, engine arguments: max_num_seqs by default, GPUs below 70 GiB and A100, as read in November 2026',
  needs: [['queue', 'kvTokens']],
  takes: ['slots', 'queue', 'kvTokens', 'retryAfter', 'expectedOutput'],
  published: () => ({ slots: 256 }),
  guessed: (_, model) => ({ retryAfter: 1000, expectedOutput: model.outputTokens }),
  terms: ({ slots, queue, kvTokens, retryAfter, expectedOutput }) => {
    const held = (limit: number): MeterTerms => ({ kind: 'in-flight', limit, retryAfterMs: retryAfter! })
    return [
      ...where(queue, (queue) => term('requests', held(slots! + queue))),
      ...where(kvTokens, (kvTokens) =>
        term('tokens', held(kvTokens), {
          tokens: tokens(
            { input: 1, cached: 0, output: 1 },
            { outputBasis: 'expected', expectedTokens: expectedOutput! },
          ),
        }),
      ),
    ]
  },
}
