import type { DriverFactory } from '../driver.ts'
import { a2a } from './a2a.ts'
import { agUi } from './ag-ui.ts'
import { anthropic } from './anthropic.ts'
import { http } from './http.ts'
import { openai } from './openai.ts'
import { responses } from './responses.ts'
import { sessionsJson } from './sessions-json.ts'
import { sessions } from './sessions.ts'
import { websocket } from './websocket.ts'

/** The protocols that users can speak to a target, by the name in the workload file. */
export const drivers = {
  sessions,
  'sessions-json': sessionsJson,
  openai,
  responses,
  anthropic,
  a2a,
  'ag-ui': agUi,
  http,
  websocket,
} satisfies Record<string, DriverFactory>

export type DriverName = keyof typeof drivers

export const driverNames = Object.keys(drivers) as DriverName[]

export function isDriverName(name: string): name is DriverName {
  return Object.hasOwn(drivers, name)
}
