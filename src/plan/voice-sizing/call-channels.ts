import { erlangB, erlangBOffered, erlangBServers } from '../formulas/erlang-b.ts'

/** Calls that come at random and are lost where no channel is free. */
export interface CallTraffic {
  readonly callsPerMinute: number
  /** Mean time for which a call holds its channel; the distribution does not matter. */
  readonly minutesPerCall: number
}

/** Offered load in erlangs: the calls that would be up at once, were there channels for all. */
export function callErlangs({ callsPerMinute, minutesPerCall }: CallTraffic): number {
  return callsPerMinute * minutesPerCall
}

/** The fewest channels (lines, sessions, slots) that lose at most the share `blocked` of the calls. Source: Erlang (1917). */
export function callChannels(traffic: CallTraffic, blocked: number): number {
  return erlangBServers(callErlangs(traffic), blocked)
}

/** Share of calls that so many channels lose. Source: Erlang (1917). */
export function callBlocking(traffic: CallTraffic, channels: number): number {
  return erlangB(channels, callErlangs(traffic))
}

/** Calls a minute of which so many channels lose the share `blocked`. Source: Erlang (1917), inverted. */
export function callsCarried(channels: number, minutesPerCall: number, blocked: number): number {
  if (channels === Infinity) return Infinity
  return channels < 1 ? 0 : erlangBOffered(Math.floor(channels), blocked) / minutesPerCall
}
