import { formatCount, formatPeople, formatUsd } from '../figure-text.ts'
import { listText } from '../verdict/words.ts'
import type { Fleet, QuotaNeed } from './fleet.ts'

/** `, 20,000 at the 2× peak`; nothing where the file knows no peak. */
export function peakText({ peakToAverage, peakUsers }: Fleet): string {
  return peakToAverage === 1 ? '' : `, ${formatPeople(peakUsers)} at the ${formatCount(peakToAverage)}× peak`
}

/** `80.2M tokens/min and 40.1k requests/min`, or the units that are sold: `110 PTU`. */
export function amountText({ amounts, units }: QuotaNeed): string {
  if (units) return `${formatCount(units.sold)} ${units.kind}`
  return listText(amounts.map(({ amount, unit }) => `${formatCount(amount)} ${unit}`))
}

/** `$204,000 a month (tokens $140,000, servers $64,100)`, with what is not priced said to be so. */
export function moneyText({ money }: Fleet): string | undefined {
  const { tokensUsd, unitsUsd, serversUsd } = money
  const model: [name: string, usd: number | undefined] =
    unitsUsd === undefined ? ['tokens', tokensUsd] : ['model units', unitsUsd]
  const parts = [model, ['servers', serversUsd] as const]
  const known = parts.flatMap(([name, usd]) => (usd === undefined ? [] : [{ name, usd }]))
  if (known.length === 0) return undefined
  const sum = dollars(known.reduce((total, { usd }) => total + usd, 0))
  const unknown = parts.find(([, usd]) => usd === undefined)
  if (unknown) return `${sum} a month for ${known[0]!.name}, ${unknown[0]} not priced`
  return `${sum} a month (${known.map(({ name, usd }) => `${name} ${dollars(usd)}`).join(', ')})`
}

/** Three digits are what a forecast is worth. */
export function dollars(usd: number): string {
  return formatUsd(Number(usd.toPrecision(3)))
}
