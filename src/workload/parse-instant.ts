const timestamp =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?\s*(?:Z|UTC|([+-])(\d\d):?(\d\d))?$/

/** Milliseconds in the units that plain numbers may count. */
export const instantUnits = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6 } as const
export type InstantUnit = keyof typeof instantUnits

/** Milliseconds of a plain number of units or of a timestamp (UTC where it names no zone); NaN where it is neither. */
export function parseInstant(text: string, unit: InstantUnit = 'ms'): number {
  const parts = timestamp.exec(text)
  if (!parts) return text === '' ? NaN : Number(text) * instantUnits[unit]
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  // Day 0 of the next month is the last of this one.
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
  if (month < 1 || month > 12 || day < 1 || day > lastDay) return NaN
  if (hour > 23 || minute > 59 || second > 60) return NaN
  const fractionMs = Number(`0${parts[7] ?? ''}`) * 1000
  const zoneMinutes = parts[8] ? Number(`${parts[8]}1`) * (Number(parts[9]) * 60 + Number(parts[10])) : 0
  return Date.UTC(year, month - 1, day, hour, minute - zoneMinutes, second) + fractionMs
}
