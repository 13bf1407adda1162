import type { CallDriverFactory } from '../calls/call-driver.ts'
import type { CallDriverName } from './call-driver-names.ts'
import { realtime } from './realtime/realtime.ts'
import { twilio } from './twilio/twilio.ts'

/** What brings calls to agents, by the name in the workload file. */
export const callDrivers: Readonly<Record<CallDriverName, CallDriverFactory>> = { twilio, realtime }
