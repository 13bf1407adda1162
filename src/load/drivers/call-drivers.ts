import type { CallDriverFactory } from '../calls/call-driver.ts'
import { realtime } from './realtime/realtime.ts'
import { twilio } from './twilio/twilio.ts'

/** The protocols that bring calls to agents, by the name in the workload file. */
export const callDrivers = { twilio, realtime } satisfies Record<string, CallDriverFactory>

export type CallDriverName = keyof typeof callDrivers

export const callDriverNames = Object.keys(callDrivers) as CallDriverName[]

export function isCallDriverName(name: string): name is CallDriverName {
  return Object.hasOwn(callDrivers, name)
}
