import type { PhonePlan, PhoneQuota, PhoneVendorPlan } from '../../result/phone-plan.ts'
import type { Phone, PhoneVendor } from '../../workload/phone.ts'
import { vendorName } from '../../workload/vendor-name.ts'
import { type CallTraffic, callChannels } from '../voice-sizing/call-channels.ts'
import { callStarts, startsNeeded } from '../voice-sizing/call-starts.ts'
import { chainBlocking, chainCapacity, type Vendor } from '../voice-sizing/vendor-chain.ts'

function vendorOf(vendor: PhoneVendor): Vendor {
  const { concurrent, perCall, held, starts } = vendor
  return {
    name: vendorName(vendor),
    ...(Number.isFinite(concurrent) ? { channels: concurrent } : {}),
    channelsPerCall: perCall,
    heldShare: held,
    ...(starts ? { starts } : {}),
  }
}

/** Each vendor as a loss system of its own: what the target needs of it, and what it loses as it is. */
export function phoneVendors(phone: Phone, traffic: CallTraffic): PhoneVendorPlan[] {
  const vendors = phone.vendors.map(vendorOf)
  const { minutesPerCall } = traffic
  const carried = chainCapacity(vendors, { minutesPerCall, blocked: phone.blocked }).vendors
  const lost = chainBlocking(vendors, traffic).vendors
  return phone.vendors.map((vendor, i) => {
    const { concurrent, perCall, held, source } = vendor
    const { callsPerMinute, boundBy } = carried[i]!
    const places = callChannels({ ...traffic, minutesPerCall: minutesPerCall * held }, phone.blocked)
    return {
      name: vendorName(vendor),
      needed: Math.ceil(places * perCall),
      ...(Number.isFinite(concurrent) ? { concurrent } : {}),
      lost: lost[i]!.blocked,
      ...(boundBy === 'nothing' ? {} : { callsPerMinute }),
      boundBy,
      ...startsOf(vendor, traffic, phone.blocked),
      ...(source === undefined ? {} : { source }),
    }
  })
}

function startsOf(
  { starts }: PhoneVendor,
  { callsPerMinute }: CallTraffic,
  blocked: number,
): Pick<PhoneVendorPlan, 'starts'> {
  if (!starts) return {}
  const { utilisation, waitMs, rejectedShare } = callStarts(starts, callsPerMinute / 60)
  return {
    starts: {
      perSecond: starts.startsPerSecond,
      over: starts.over,
      utilisation,
      ...(Number.isFinite(waitMs) ? { waitMs } : {}),
      rejected: rejectedShare,
      needed: startsNeeded(starts.over, callsPerMinute / 60, blocked),
    },
  }
}

/** What the chain carries: the least of its vendors and of the model's limits a minute. */
export function chainOf(
  phone: Phone,
  traffic: CallTraffic,
  quotas: readonly PhoneQuota[],
): PhonePlan['chain'] {
  const vendors = phone.vendors.map(vendorOf)
  const { minutesPerCall } = traffic
  const carried = chainCapacity(vendors, { minutesPerCall, blocked: phone.blocked })
  const { least, most } = chainBlocking(vendors, traffic)
  const links = [
    ...(carried.binding === undefined
      ? []
      : [{ name: carried.binding, callsPerMinute: carried.callsPerMinute }]),
    ...quotas,
  ].toSorted((a, b) => a.callsPerMinute - b.callsPerMinute)
  const [weakest] = links
  return {
    ...(weakest ? { callsPerMinute: weakest.callsPerMinute, binding: weakest.name } : {}),
    lostLeast: least,
    lostMost: most,
  }
}
