// What a unit of provisioned throughput costs. List prices in US dollars; they change, hence the dates.

/** How long one commits: not at all, or for a week, a month, three months, a year. */
export type UnitTerm = 'hourly' | 'weekly' | 'monthly' | 'quarterly' | 'yearly'

/** Dollars a unit for a month of 730 hours, by how long one commits. */
export type UnitPrices = Readonly<Partial<Record<UnitTerm, number>>>

/** Hours of a month on a bill. */
export const hoursPerMonth = 730

/** Title and date of the source, and how far it was read. */
export const azurePtuPriceSource =
  'Azure retail prices, Provisioned throughput, East US 2, September 2026, as quoted by third parties'

const ptuPrices = (hourUsd: number, monthUsd: number, yearUsd: number): UnitPrices => ({
  hourly: hourUsd * hoursPerMonth,
  monthly: monthUsd,
  yearly: yearUsd / 12,
})

/** A unit by the kind of deployment; one unit costs the same for every model. */
export const azurePtuPrices = {
  global: ptuPrices(1, 260, 2652),
  dataZone: ptuPrices(1.1, 286, 2916),
  regional: ptuPrices(2, 286, 2916),
} as const satisfies Readonly<Record<string, UnitPrices>>

/** Title and date of the source, and how far it was read. */
export const vertexGsuPriceSource =
  'Google Cloud, Provisioned Throughput prices, global endpoint, 2026, as quoted by third parties'

/** Published for an hour of commitment; other than global endpoints cost a tenth more. */
export const vertexGsuPrices: UnitPrices = {
  weekly: 7.14 * hoursPerMonth,
  monthly: 2700,
  quarterly: 2400,
  yearly: 2000,
}
