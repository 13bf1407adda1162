export { startAgent } from './agent/start-agent.ts'
export { findCapacity } from './find/find-capacity.ts'
export type { Probe, Runner } from './find/runner.ts'
export type { Driver, DriverResult, DriverTurn, TurnObserver } from './load/driver.ts'
export { runLoad } from './load/run-load.ts'
export {
  type Answer,
  type Reply,
  scenario,
  type ScriptAgent,
  type ScriptRequest,
  type ScriptContext,
  type ScriptDefinition,
  type ScriptOptions,
  type ScriptUser,
} from './load/script/scenario.ts'
export { plan, planCapacity, type PlanOptions } from './plan/plan.ts'
export { startProvider } from './provider/start-provider.ts'
export type { Capacity } from './result/capacity.ts'
export type { CallRecord, RecordSink, Tags, TurnRecord } from './result/records.ts'
export type { Run } from './result/run.ts'
export type { Dist, Summary } from './result/summary.ts'
export { version } from './result/version.ts'
export { createSessions, type Sessions } from './sessions/sessions.ts'
export { simulate, simulateRunner } from './simulate/simulate.ts'
export type { Distribution } from './stats/distribution.ts'
export type { Level } from './workload/level.ts'
export { defineWorkload, type WorkloadDefinition } from './workload/define-workload.ts'
export { parseWorkload } from './workload/parse-workload.ts'
export type { Workload } from './workload/workload.ts'
