import type { Engine, Workload } from '../workload/workload.ts'
import type { TurnDemand } from './demand.ts'
import { engineSlots } from './engine-slots.ts'
import { convolution } from './formulas/convolution.ts'
import { type LlmCall, llmCallTime } from './formulas/llm-station.ts'
import { loadDependentResponse } from './formulas/load-dependent-closed.ts'

/** A place inside the agent's slot where turns in service get in each other's way. */
export interface InnerStation {
  readonly name: string
  readonly kind: 'cpu' | 'tool' | 'engine'
  /** Index of the tool or model. */
  readonly index: number
  /** Turns a millisecond with `n` turns at the station. */
  readonly rate: (n: number) => number
  /** Time a turn spends there alone. */
  readonly aloneMs: number
}

/** What happens to turns that hold a slot: a delay and some stations. */
export interface InnerNetwork {
  readonly delayMs: number
  readonly stations: readonly InnerStation[]
  /** Turns a millisecond with `n` turns in service. */
  throughput(n: number): number
  /** Mean time of a turn at each station with `n` (not necessarily whole) turns in service. */
  residenceMs(n: number): readonly number[]
  /** Largest throughput whatever the number in service; Infinity where only delays are passed. */
  readonly ceiling: number
}

/** Scales what a turn asks for; less than 1 where turns break off early. */
export interface Effort {
  /** Share of the model calls (and of the tool and CPU work with them) that are made. */
  readonly work: number
  /** Added waiting of a turn: retries after a refusal. */
  readonly retryMs: number
}

const exactUpTo = 128
const negligibleUtilisation = 1e-9

/**
 * The network inside the slots: delays (state, prompt, model), event loops, tools with capacity, engines. No more
 * than `mostPerMs` turns ever come, whatever happens inside.
 */
export function innerNetwork(
  workload: Workload,
  demand: TurnDemand,
  effort: Effort,
  mostPerMs = Infinity,
): InnerNetwork {
  const stations = [
    ...cpuStation(workload, demand, effort.work),
    ...toolStations(workload, demand, effort.work),
    ...engineStations(workload, demand, effort.work),
  ]
  // Relaying a token overlaps its stream, so the event loop's whole time is taken out of the delay; an engine's never was in.
  const alone = stations.reduce((sum, station) => sum + (station.kind === 'engine' ? 0 : station.aloneMs), 0)
  const overhead = demand.scenarios.reduce((sum, each) => sum + each.turnShare * each.overheadMs.mean, 0)
  const delayMs = overhead + (demand.processingMs.mean - overhead) * effort.work - alone + effort.retryMs
  return withIdleStations(Math.max(delayMs, 1e-6), stations, mostPerMs)
}

/** A station that can never be used more than this is a delay: next to nobody waits there. */
const idle = 0.1
/** Servers beyond the mean number of turns there, in standard deviations: fewer than one turn in 10⁹ waits. */
const ample = 7

function withIdleStations(
  delayMs: number,
  stations: readonly InnerStation[],
  mostPerMs: number,
): InnerNetwork {
  const use = stations.map((station) => mostPerMs / station.rate(1e9))
  const busy = stations.filter((station, k) => use[k]! > idle && !hasAmpleServers(station, mostPerMs))
  // The event loop is as many single servers, whose wait is ρ ÷ (1 − ρ) services; several servers hardly ever wait.
  const idleMs = stations.map((station, k) =>
    station.kind === 'cpu' ? station.aloneMs / (1 - use[k]!) : station.aloneMs,
  )
  const delay = stations.reduce(
    (sum, station, k) => (busy.includes(station) ? sum : sum + idleMs[k]!),
    delayMs,
  )
  const network = solver(delay, busy)
  return {
    ...network,
    stations,
    ceiling: Math.min(Infinity, ...stations.map((station) => station.rate(1e9))),
    residenceMs: (n) => {
      const residence = network.residenceMs(n)
      return stations.map((station, k) =>
        busy.includes(station) ? residence[busy.indexOf(station)]! : idleMs[k]!,
      )
    },
  }
}

/** Turns that come at most at random find a server each, as their number there is at most Poisson. */
function hasAmpleServers({ kind, aloneMs, rate }: InnerStation, mostPerMs: number): boolean {
  const servers = rate(1e9) * aloneMs
  const most = mostPerMs * aloneMs
  return kind === 'tool' && servers > most + ample * (Math.sqrt(most) + 1)
}

function solver(delayMs: number, stations: readonly InnerStation[]): InnerNetwork {
  const solved = new Map<number, Solution>()
  let table: ((n: number) => Solution) | undefined
  let last: Solution | undefined
  const whole = (n: number): Solution => {
    let solution = solved.get(n)
    if (!solution) {
      if (stations.length > 1 && n <= exactUpTo) solution = (table ??= exactTable(delayMs, stations))(n)
      else solution = decomposed(n, delayMs, stations, last?.residenceMs)
      last = solution
      solved.set(n, solution)
    }
    return solution
  }
  const at = (n: number): Solution => {
    if (n < 1) return { throughput: n * whole(1).throughput, residenceMs: whole(1).residenceMs }
    const [low, high] = neighbours(n)
    const below = whole(low)
    return low === high ? below : between(below, whole(high), (n - low) / (high - low))
  }
  return {
    delayMs,
    stations,
    ceiling: Math.min(Infinity, ...stations.map((station) => station.rate(1e9))),
    throughput: (n) => {
      if (stations.length === 0) return n / delayMs
      if (n < 1) return n * whole(1).throughput
      const [low, high] = neighbours(n)
      const below = whole(low).throughput
      return low === high ? below : below + ((whole(high).throughput - below) * (n - low)) / (high - low)
    },
    residenceMs: (n) => (stations.length === 0 ? [] : at(n).residenceMs),
  }
}

interface Solution {
  readonly throughput: number
  readonly residenceMs: readonly number[]
}

function exactTable(delayMs: number, stations: readonly InnerStation[]): (n: number) => Solution {
  const network = convolution(exactUpTo, delayMs, stations)
  const means = stations.map((_, k) => network.meanAt(k))
  return (n) => {
    const throughput = network.throughput[n]!
    return { throughput, residenceMs: means.map((mean) => mean[n]! / throughput) }
  }
}

/**
 * Each station alone against all other time as its think time, to a fixed point: exact for one station, an
 * approximation (from below 1 % unless two stations bind at once) for several.
 */
function decomposed(
  n: number,
  delayMs: number,
  stations: readonly InnerStation[],
  start: readonly number[] = stations.map((station) => station.aloneMs),
): Solution {
  const residenceMs = [...start]
  for (let sweep = 0; sweep < 40; sweep++) {
    let moved = 0
    stations.forEach((station, k) => {
      const others = residenceMs.reduce((sum, time, j) => (j === k ? sum : sum + time), delayMs)
      const response = loadDependentResponse({ population: n, think: others, rate: station.rate })
      moved = Math.max(moved, Math.abs(response - residenceMs[k]!) / (others + response))
      residenceMs[k] = response
    })
    if (stations.length === 1 || moved < 1e-7) break
  }
  const throughput = n / residenceMs.reduce((sum, time) => sum + time, delayMs)
  return { throughput, residenceMs }
}

/** Whole numbers up to 64, then a geometric ladder: throughput is smooth there. */
function neighbours(n: number): readonly [number, number] {
  if (n <= 64) return [Math.floor(n), Math.ceil(n)]
  let rung = Math.max(0, Math.floor(Math.log(n / 64) / ladder))
  while (n < rungAt(rung)) rung--
  while (n >= rungAt(rung + 1)) rung++
  return [rungAt(rung), rungAt(rung + 1)]
}

const ladder = Math.log(1.04)
const rungs: number[] = []

function rungAt(rung: number): number {
  while (rungs.length <= rung) rungs.push(Math.round(64 * Math.exp(rungs.length * ladder)))
  return rungs[rung]!
}

function between(a: Solution, b: Solution, part: number): Solution {
  const mix = (x: number, y: number): number => x + (y - x) * part
  return {
    throughput: mix(a.throughput, b.throughput),
    residenceMs: a.residenceMs.map((time, k) => mix(time, b.residenceMs[k]!)),
  }
}

/**
 * `workers` event loops, each the server of its own turns. A synchronous worker has one turn and never queues for
 * itself. Otherwise: as many equal single servers, a turn's work landing on any of them with equal chance, which
 * in product form is one station with rate n·w ÷ (n + w − 1).
 */
function cpuStation(workload: Workload, demand: TurnDemand, work: number): InnerStation[] {
  const { workers, concurrency } = workload.agent
  const cpuMs = demand.cpuMs * work
  if (!Number.isFinite(workers) || concurrency <= 1 || cpuMs < negligibleUtilisation) return []
  const rate = (n: number): number => (n * workers) / ((n + workers - 1) * cpuMs)
  return [{ name: 'event loop', kind: 'cpu', index: 0, rate, aloneMs: cpuMs }]
}

/** Parallel calls of one step hold several servers; the turn waits for the slowest. */
function toolStations(workload: Workload, demand: TurnDemand, work: number): InnerStation[] {
  return [...demand.toolCalls].flatMap(([index, calls]): InnerStation[] => {
    const tool = workload.tools[index]!
    if (!Number.isFinite(tool.capacity) || calls * work < negligibleUtilisation) return []
    const visits = toolVisits(workload, demand, index) * work
    const stepMs = slowestMs(workload, demand, index)
    const most = tool.capacity / (calls * work * tool.latency.mean)
    const rate = (n: number): number => Math.min(n / (visits * stepMs), most)
    return [{ name: tool.name, kind: 'tool', index, rate, aloneMs: visits * stepMs }]
  })
}

function toolVisits(workload: Workload, demand: TurnDemand, tool: number): number {
  return demand.scenarios.reduce((sum, scenario, i) => {
    const tools = workload.scenarios[i]!.tools
    const share = tools.filter((each) => each === tool).length / Math.max(1, tools.length)
    return sum + scenario.turnShare * (scenario.calls.mean - 1) * share
  }, 0)
}

function slowestMs(workload: Workload, demand: TurnDemand, tool: number): number {
  for (const [i, scenario] of workload.scenarios.entries())
    if (scenario.tools.includes(tool)) return demand.scenarios[i]!.toolMs.get(tool)!
  return workload.tools[tool]!.latency.mean
}

/** Time of one call of these tokens among `inFlight`, for an engine of the file. */
export function engineCallMs(engine: Engine, inFlight: number, call: LlmCall): number {
  const { stepMs: step, decodeMs: decode, prefillMs: prefill, slots } = engine
  return llmCallTime({ step, decode, prefill, slots }, call, inFlight)
}

function engineStations(workload: Workload, demand: TurnDemand, work: number): InnerStation[] {
  return workload.models.flatMap((model, index): InnerStation[] => {
    const { calls, outputTokens, inputTokens, cachedTokens } = demand.rootModels[index]!
    const engine = model.engine
    if (!engine || calls === 0) return []
    const turn = { outputTokens, inputTokens: inputTokens - cachedTokens }
    const turnMs = (inFlight: number): number => engineCallMs(engine, inFlight, turn) * work
    const slots = engineSlots(model, index, demand)
    const rate = (n: number): number => Math.min(n, slots) / turnMs(Math.min(n, slots))
    return [{ name: `${model.key} engine`, kind: 'engine', index, rate, aloneMs: turnMs(1) }]
  })
}
