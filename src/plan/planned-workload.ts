import type { Distribution } from '../stats/distribution.ts'
import { gamma } from '../stats/distributions.ts'
import type { Subagent } from '../workload/agent-rules.ts'
import { requireWorkload } from '../workload/require-workload.ts'
import { serversOf } from '../workload/servers-of.ts'
import { isSolved } from '../workload/metrics.ts'
import type { Agent, Model, Objective, Tool, Workload } from '../workload/workload.ts'

const known = new WeakMap<Workload, Workload>()

/**
 * The workload as the algebra solves it: servers behind a balancer with one line are one server with as many workers,
 * a state store without a limit is a wait, a sub-agent is a tool that takes as long as its loop, and objectives that no
 * formula can tell are left out. Given its own answer, it answers the same. Throws a `TypeError` for what is no workload.
 */
export function planned(workload: Workload): Workload {
  requireWorkload('plan', workload)
  const before = known.get(workload)
  if (before) return before
  const { agent, tools } = workload
  const servers = serversOf(workload)
  const objectives = workload.objectives.filter(isSolvable)
  const plainer = objectives.length < workload.objectives.length ? { ...workload, objectives } : workload
  const changed = servers > 1 || agent.state !== undefined || tools.some(({ subagent }) => subagent)
  const answer = changed
    ? { ...plainer, agent: oneServer(agent, servers), tools: tools.map((tool) => plainTool(workload, tool)) }
    : plainer
  known.set(workload, answer)
  known.set(answer, answer)
  return answer
}

/** Whether a formula tells the value: of all turns of a scenario, not of some place in a session. */
export function isSolvable({ metric, turns }: Objective): boolean {
  return isSolved(metric) && !turns
}

function oneServer(agent: Agent, count: number): Agent {
  const { servers: _servers, scale, state, server, ...rest } = agent
  const plain = state !== undefined && state.capacity === Infinity && state.failure === 0
  return {
    ...rest,
    ...(server ? { server: together(server, count) } : {}),
    ...(scale ? { scale: { ...scale, from: 1, to: 1 } } : {}),
    ...(state && !plain ? { state } : {}),
    workers: agent.workers * count,
    queue: agent.queue * count,
    overhead: { ...agent.overhead, stateMs: state?.latency ?? agent.overhead.stateMs },
  }
}

/** As many machines in one. */
function together(
  { cpu, memoryBytes, perMonthUsd }: NonNullable<Agent['server']>,
  count: number,
): NonNullable<Agent['server']> {
  return {
    ...(cpu === undefined ? {} : { cpu: cpu * count }),
    ...(memoryBytes === undefined ? {} : { memoryBytes: memoryBytes * count }),
    ...(perMonthUsd === undefined ? {} : { perMonthUsd: perMonthUsd * count }),
  }
}

function plainTool(workload: Workload, tool: Tool): Tool {
  return tool.subagent ? { ...tool, latency: loopTime(workload, tool.subagent) } : tool
}

/** A token's time in a call of a sub-agent, which is taken to be alone at its engine. */
export const aloneTokenMs = ({ perToken, engine }: Model): number =>
  engine ? engine.stepMs + engine.decodeMs : perToken.mean

/** The loop with nothing queueing, by its mean and variance; steps are taken as independent. */
function loopTime(workload: Workload, subagent: Subagent): Distribution {
  const { depth, output } = subagent
  const model = workload.models[subagent.model]!
  const { ttft } = model
  const tools = subagent.tools.map((index) => workload.tools[index]!)
  const latencies = tools.map((tool) => (tool.subagent ? loopTime(workload, tool.subagent) : tool.latency))
  const mean = (of: readonly number[]): number =>
    of.reduce((sum, each) => sum + each, 0) / Math.max(1, of.length)
  const perTokenMs = aloneTokenMs(model)
  const { cpuPerCallMs } = workload.agent.overhead
  const callMs = cpuPerCallMs + ttft.mean + Math.max(0, output.mean - 1) * perTokenMs
  const callVariance = ttft.variance + output.variance * perTokenMs ** 2
  const toolMs = mean(latencies.map((latency) => latency.mean))
  const toolVariance = mean(latencies.map(({ mean, variance }) => variance + (mean - toolMs) ** 2))
  const loopMs = depth.mean * callMs + (depth.mean - 1) * toolMs
  const variance =
    depth.mean * callVariance + (depth.mean - 1) * toolVariance + depth.variance * (callMs + toolMs) ** 2
  return loopLaw(subagent, loopMs, loopMs > 0 ? Math.sqrt(variance) / loopMs : 0)
}

const laws = new WeakMap<Subagent, Map<string, Distribution>>()

/** One object for one law, so that what is worked out for it is worked out once over all changed workloads. */
function loopLaw(subagent: Subagent, meanMs: number, cv: number): Distribution {
  let own = laws.get(subagent)
  if (!own) laws.set(subagent, (own = new Map()))
  const key = `${meanMs} ${cv}`
  let law = own.get(key)
  if (!law) own.set(key, (law = gamma(meanMs, cv)))
  return law
}
