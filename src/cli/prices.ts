import { calcPrice } from '@pydantic/genai-prices'
import type { Price } from '../workload/workload.ts'

/**
 * The list price of `provider/model`, from the bundled table of genai-prices. Exact ids only: the library also
 * matches prefixes, which would price a model it does not know as an older relative.
 */
export function priceOf(like: string): Price | undefined {
  const slash = like.indexOf('/')
  if (slash < 1) return undefined
  const providerId = like.slice(0, slash)
  const id = like.slice(slash + 1)
  // A thousand tokens at a time: prices of some models step up with the length of the prompt.
  const perMillion = (usage: Record<string, number>): number | undefined => {
    const result = calcPrice(usage, id, { providerId })
    return result?.model.id === id ? result.total_price * 1000 : undefined
  }
  const input = perMillion({ input_tokens: 1000, output_tokens: 0 })
  const cached = perMillion({ input_tokens: 1000, cache_read_tokens: 1000, output_tokens: 0 })
  const keeping = { input_tokens: 1000, cache_write_tokens: 1000, output_tokens: 0 }
  const written = perMillion(keeping)
  const hourly = perMillion({ ...keeping, cache_write_1h_tokens: 1000 })
  const output = perMillion({ input_tokens: 0, output_tokens: 1000 })
  if (input === undefined || output === undefined) return undefined
  return {
    inputPerMillionUsd: input,
    cachedPerMillionUsd: cached ?? input,
    ...(written === undefined || written === input ? {} : { writtenPerMillionUsd: written }),
    ...(hourly === undefined || hourly === written ? {} : { hourlyPerMillionUsd: hourly }),
    outputPerMillionUsd: output,
    source: `genai-prices, ${like}`,
  }
}
