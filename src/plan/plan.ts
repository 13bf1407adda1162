export { levelSensitivity } from './level-sensitivity.ts'
export { planAt } from './plan-at.ts'
export { planCapacity, type PlanOptions } from './plan-capacity.ts'
export { plan } from './plan-level.ts'
