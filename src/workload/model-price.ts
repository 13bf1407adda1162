import type { Price } from './workload.ts'

/** Dollars of a million tokens, as a file says them. */
interface WrittenPrice {
  readonly input?: number | undefined
  readonly cached?: number | undefined
  readonly written?: number | undefined
  readonly writtenHour?: number | undefined
  readonly output?: number | undefined
}

/** The price of a model's tokens: the file's, where it says one, and the list's for what it leaves out. */
export function modelPrice(
  { input, cached, written, writtenHour, output }: WrittenPrice = {},
  list: Price | undefined,
): Price | undefined {
  if ((input ?? cached ?? written ?? writtenHour ?? output) === undefined) return list
  const inputPerMillionUsd = input ?? list?.inputPerMillionUsd ?? 0
  // The list's prices of the cache are multiples of its own price of input.
  const ofCache = input === undefined ? list : undefined
  const writtenPerMillionUsd = written ?? ofCache?.writtenPerMillionUsd
  const hourlyPerMillionUsd = writtenHour ?? ofCache?.hourlyPerMillionUsd
  return {
    inputPerMillionUsd,
    cachedPerMillionUsd: cached ?? ofCache?.cachedPerMillionUsd ?? inputPerMillionUsd,
    ...(writtenPerMillionUsd === undefined ? {} : { writtenPerMillionUsd }),
    ...(hourlyPerMillionUsd === undefined ? {} : { hourlyPerMillionUsd }),
    outputPerMillionUsd: output ?? list?.outputPerMillionUsd ?? 0,
    source: 'the workload file',
  }
}
