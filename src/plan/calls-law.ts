import type { Workload } from '../workload/workload.ts'
import { type Discrete, rounded } from './discrete.ts'

/** Model calls beyond these are lumped into the last: turns of so many are none that anybody plans for. */
const most = 1000
/** A law by the number of calls, from 0 on. */
type Law = readonly number[]
const none: Law = [1]

/** The law of all model calls of a turn whose root loop has this depth: its own, and those of its sub-agents. */
export function callsLaw(workload: Workload, depth: Discrete, tools: readonly number[]): Discrete {
  if (!tools.some((tool) => workload.tools[tool]!.subagent)) return depth
  return { from: 0, at: loopLaw(workload, depth, tools) }
}

function loopLaw(workload: Workload, depth: Discrete, tools: readonly number[]): Law {
  const step = mixed(tools.map((tool) => ({ law: toolLaw(workload, tool), share: 1 / tools.length })))
  const parts: { law: Law; share: number }[] = []
  let inner = none
  for (let steps = 1; steps < depth.from + depth.at.length; steps++) {
    const share = depth.at[steps - depth.from] ?? 0
    if (share > 0) parts.push({ law: shifted(inner, steps), share })
    inner = sumOf(inner, step)
  }
  return mixed(parts)
}

/** Of all parallel calls of the tool in one step. */
function toolLaw(workload: Workload, tool: number): Law {
  const { fanOut, subagent } = workload.tools[tool]!
  if (!subagent) return none
  const depth = rounded(subagent.depth, 1, Math.max(1, workload.agent.limits.steps))
  const one = loopLaw(workload, depth, subagent.tools)
  const { from, at } = rounded(fanOut, 1)
  const parts: { law: Law; share: number }[] = []
  let together = none
  for (let count = 1; count < from + at.length; count++) {
    together = sumOf(together, one)
    parts.push({ law: together, share: at[count - from] ?? 0 })
  }
  return mixed(parts)
}

function mixed(parts: readonly { readonly law: Law; readonly share: number }[]): Law {
  const longest = Math.max(1, ...parts.map(({ law }) => law.length))
  if (parts.length === 0) return none
  return Array.from({ length: longest }, (_, count) =>
    parts.reduce((sum, { law, share }) => sum + share * (law[count] ?? 0), 0),
  )
}

/** The law of the sum of two independent numbers. */
function sumOf(a: Law, b: Law): Law {
  if (a.length === 1) return b
  if (b.length === 1) return a
  const law = Array<number>(Math.min(most, a.length + b.length - 1)).fill(0)
  for (const [i, share] of a.entries())
    if (share > 0)
      for (const [j, other] of b.entries()) law[Math.min(i + j, law.length - 1)]! += share * other
  return law
}

const shifted = (law: Law, by: number): Law =>
  [...Array<number>(Math.min(by, most)).fill(0), ...law].slice(0, most)
