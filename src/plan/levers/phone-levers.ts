import type { Phone, PhoneVendor } from '../../workload/phone.ts'
import { vendorName } from '../../workload/vendor-name.ts'
import type { Workload } from '../../workload/workload.ts'
import { withAgent } from '../changed-workload.ts'
import type { Change, Lever } from './lever.ts'

/** Twice as many calls, sessions or streams at once at each vendor by itself. */
export const channelsLever = perVendor('channels', (vendor) => {
  const { concurrent, perCall } = vendor
  if (!Number.isFinite(concurrent)) return []
  const to = concurrent * 2
  return [
    {
      text: `let ${vendorName(vendor)} take ${to} ${perCall === 1 ? 'calls' : 'sessions'} at once`,
      change: { field: `${vendorPath(vendor)}.concurrent`, from: String(concurrent), to: String(to) },
      vendor: { ...vendor, concurrent: to },
    },
  ]
})

/** Twice as many calls that may begin in a second. */
export const startsLever = perVendor('starts', (vendor) => {
  const { starts } = vendor
  if (!starts) return []
  const startsPerSecond = starts.startsPerSecond * 2
  return [
    {
      text: `let ${vendorName(vendor)} begin ${startsPerSecond} calls a second`,
      change: {
        field: `${vendorPath(vendor)}.callsPerSecond`,
        from: String(starts.startsPerSecond),
        to: String(startsPerSecond),
      },
      vendor: { ...vendor, starts: { ...starts, startsPerSecond } },
    },
  ]
})

/** More calls that a server of the agent takes before it gives a busy tone. */
export const placesLever: Lever = {
  name: 'places',
  changes(workload) {
    const { voice } = workload.agent
    if (!voice || !Number.isFinite(voice.calls)) return []
    const calls = voice.calls * 2
    return [
      {
        text: `let a server take ${calls} calls at once`,
        change: { field: 'agent.voice.calls', from: String(voice.calls), to: String(calls) },
        workload: withAgent(workload, { voice: { ...voice, calls } }),
        fixedUsd: 0,
      },
    ]
  },
}

type VendorChange = Pick<Change, 'text' | 'change'> & { readonly vendor: PhoneVendor }

/** What more of a vendor costs a month is not known: the file has its price a minute. */
function perVendor(name: Lever['name'], changes: (vendor: PhoneVendor) => readonly VendorChange[]): Lever {
  return {
    name,
    changes({ phone, ...workload }: Workload) {
      if (!phone) return []
      return phone.vendors.flatMap((vendor, index) =>
        changes(vendor).map(({ vendor: changed, ...words }) => ({
          ...words,
          workload: { ...workload, phone: withVendor(phone, index, changed) },
        })),
      )
    },
  }
}

const withVendor = (phone: Phone, index: number, vendor: PhoneVendor): Phone => ({
  ...phone,
  vendors: phone.vendors.with(index, vendor),
})

const vendorPath = ({ part }: PhoneVendor): string =>
  part === 'carrier' ? 'phone.carrier' : `phone.vendors.${part}`
