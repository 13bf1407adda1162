import { expect, onTestFinished } from 'vitest'
import { type PassThrough, type PassThroughOptions, startPassThrough } from '../src/provider/pass-through.ts'

/** A dollar a million tokens, whatever they are. */
export const flatPrice = {
  inputPerMillionUsd: 1,
  cachedPerMillionUsd: 1,
  outputPerMillionUsd: 1,
  source: 'test',
}

/** Passes calls on to a provider that plays the real one, until the test ends; a call that is held fails it. */
export async function openPassThrough(
  through: string,
  changes: Partial<PassThroughOptions> = {},
): Promise<PassThrough> {
  const passing = await startPassThrough({
    through,
    maxSpendUsd: 1,
    priceOf: () => flatPrice,
    sawCall: () => {},
    sawTool: () => {},
    held: (reason) => expect.fail(reason),
    ...changes,
  })
  onTestFinished(() => passing.close())
  return passing
}
