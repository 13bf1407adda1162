import { isDistribution } from './is-distribution.ts'

/**
 * 16 hexadecimal digits of the content (FNV-1a, 64 bits): the same for two spellings of the same values, in
 * whatever order their keys stand.
 */
export function contentHash(value: unknown): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(canonical(value)))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(16).padStart(16, '0')
}

function canonical(value: unknown): string {
  if (isDistribution(value)) return `~${value.toString()} ${value.mean} ${value.variance}`
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined)
    entries.sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`
  }
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'undefined')
}
