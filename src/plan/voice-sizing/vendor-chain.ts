import type { StartLimit } from '../../workload/voice-limits.ts'
import { type CallTraffic, callBlocking, callsCarried } from './call-channels.ts'
import { callStarts, startsCarriedPerMinute } from './call-starts.ts'

/** One of those a call needs all at once: carrier, platform, speech to text, model, text to speech. */
export interface Vendor {
  readonly name: string
  /** Calls (sessions, streams, requests) it takes at once; absent where it does not say. */
  readonly channels?: number
  /** Channels a call holds, such as 2 where each direction is a stream of its own. */
  readonly channelsPerCall?: number
  /** Share of the call for which they are held: 1, or less where each answer is a request of its own. */
  readonly heldShare?: number
  readonly starts?: StartLimit
}

/** What one vendor carries, and which of its limits is met first. */
export interface VendorCapacity {
  readonly name: string
  /** What it carries within the blocking target; Infinity without limits. */
  readonly callsPerMinute: number
  readonly boundBy: 'channels' | 'starts' | 'nothing'
}

/** What the whole chain carries. */
export interface ChainCapacity {
  readonly callsPerMinute: number
  /** Name of the vendor that carries least; the first of equals. Absent where none is limited. */
  readonly binding?: string
  readonly vendors: readonly VendorCapacity[]
}

/**
 * What a chain carries when each vendor, a loss system of its own, may lose at most the share `blocked`: the least of
 * them. Source: Erlang (1917) for each.
 */
export function chainCapacity(
  vendors: readonly Vendor[],
  { minutesPerCall, blocked }: { readonly minutesPerCall: number; readonly blocked: number },
): ChainCapacity {
  const capacities = vendors.map((vendor) => vendorCapacity(vendor, minutesPerCall, blocked))
  const callsPerMinute = Math.min(...capacities.map((each) => each.callsPerMinute))
  const binding = capacities.find(
    (each) => each.callsPerMinute === callsPerMinute && each.boundBy !== 'nothing',
  )
  return { callsPerMinute, ...(binding && { binding: binding.name }), vendors: capacities }
}

function vendorCapacity(vendor: Vendor, minutesPerCall: number, blocked: number): VendorCapacity {
  const { name, starts, heldShare = 1 } = vendor
  const byChannels = callsCarried(callPlaces(vendor), minutesPerCall * heldShare, blocked)
  const byStarts = starts ? startsCarriedPerMinute(starts, blocked) : Infinity
  const callsPerMinute = Math.min(byChannels, byStarts)
  if (callsPerMinute === Infinity) return { name, callsPerMinute, boundBy: 'nothing' }
  return { name, callsPerMinute, boundBy: byChannels <= byStarts ? 'channels' : 'starts' }
}

/** How many calls the chain loses. */
export interface ChainBlocking {
  /** Share each vendor would lose by itself. */
  readonly vendors: readonly { readonly name: string; readonly blocked: number }[]
  /** Share of calls lost somewhere: between the worst vendor's own and what independent losses would add up to. */
  readonly least: number
  readonly most: number
}

/**
 * Share of calls that find some vendor full. Where all hold a call from start to end the one with the fewest places
 * fills first and the least is exact; the most, 1 − Π(1 − Bᵢ), is not exceeded by any such mix of places. For a
 * vendor held for a part of the call it is the share of its requests; starts that queue are not lost.
 *
 * Source: Whitt, Blocking when service is required from several facilities simultaneously, AT&T Technical Journal 64
 * (1985).
 */
export function chainBlocking(vendors: readonly Vendor[], traffic: CallTraffic): ChainBlocking {
  const losses = vendors.map((vendor) => ({ name: vendor.name, blocked: vendorBlocking(vendor, traffic) }))
  return {
    vendors: losses,
    least: Math.max(0, ...losses.map(({ blocked }) => blocked)),
    most: 1 - losses.reduce((passed, { blocked }) => passed * (1 - blocked), 1),
  }
}

function vendorBlocking(vendor: Vendor, { callsPerMinute, minutesPerCall }: CallTraffic): number {
  const { starts, heldShare = 1 } = vendor
  const places = callPlaces(vendor)
  const held = { callsPerMinute, minutesPerCall: minutesPerCall * heldShare }
  const full = places === Infinity ? 0 : callBlocking(held, places)
  const refused = starts ? callStarts(starts, callsPerMinute / 60).rejectedShare : 0
  return 1 - (1 - full) * (1 - refused)
}

function callPlaces({ channels = Infinity, channelsPerCall = 1 }: Vendor): number {
  return Math.floor(channels / channelsPerCall)
}
