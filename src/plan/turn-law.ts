import type { Model, Tool, Workload } from '../workload/workload.ts'
import type { ScenarioDemand, TurnDemand } from './demand.ts'
import { atLeastZero, type Discrete, eachShare, rounded } from './discrete.ts'
import { addTo, copyOf, multiplyBy, type Spectrum, spectrumOf, zeroSpectrum } from './fourier.ts'
import { addMass, delayBy, delaySometimes, type Grid, massesBehind, massesOf, pointSpectrum } from './grid.ts'
import { type Kept, keptSpectra, lawSpectrum, numberOf } from './kept-spectra.ts'
import type { SlotWait } from './slot-wait.ts'

/** What load adds to the times of a turn, and what a refusing quota does to its calls. */
export interface Congestion {
  /** Wait for the event loop at each model call: how often, and how long then. */
  readonly cpu: { readonly share: number; readonly meanMs: number }
  /** The same at each step with tools, by tool. */
  readonly tools: ReadonlyMap<number, { readonly share: number; readonly meanMs: number }>
  /** By model: an engine's pace at this load, and its wait for a place. */
  readonly engines: ReadonlyMap<
    number,
    { readonly firstMs: number; readonly perTokenMs: number; readonly waitMs: number }
  >
  /** By model: the waits between tries of one call and the share of calls that made each number of tries. */
  readonly retries: ReadonlyMap<number, readonly { readonly share: number; readonly waitMs: number }[]>
}

/** The laws of the answered turns of one scenario, as masses on the grid. */
export interface TurnLaw {
  readonly turn: Float64Array
  readonly ttft: Float64Array
}

const length = 2048

/** A grid wide enough for the slowest turns. */
export function gridFor(demand: TurnDemand, extraMs: number, wait: SlotWait): Grid {
  const { mean, variance } = demand.processingMs
  const needMs = (mean + 12 * Math.sqrt(variance) + 4 * extraMs + wait.longestMs + 1) / length
  // Few different grids, so that transforms can be kept.
  return { stepMs: 2 ** (Math.ceil(4 * Math.log2(needMs)) / 4), length }
}

/**
 * Response time of a turn: slot wait ⊕ prompt ⊕ state ⊕ loop ⊕ state, where a loop of d steps is d calls with
 * d − 1 tool steps between; convolved numerically (as products of Fourier transforms), mixed over the depth.
 * Its first token leaves out the last call's stream and the saving of state.
 */
export function turnLaws(
  workload: Workload,
  demand: TurnDemand,
  congestion: Congestion,
  wait: SlotWait,
  grid: Grid,
): readonly TurnLaw[] {
  const kept = keptSpectra(grid)
  const waiting = wait.longestMs > 0 ? spectrumOf(wait.masses(grid)) : pointSpectrum(grid, 0)
  const state = lawSpectrum(kept, grid, workload.agent.overhead.stateMs)
  multiplyBy(waiting, state)
  multiplyBy(waiting, lawSpectrum(kept, grid, workload.agent.overhead.promptMs))
  return demand.scenarios.map((scenario, i) => {
    const first = firstTokenSpectrum(workload, scenario, congestion, grid, kept)
    const pace = congestion.engines.get(scenario.model)?.perTokenMs
    const call = copyOf(first)
    multiplyBy(call, streamSpectrum(workload, i, scenario, pace, grid, kept))
    const step = copyOf(call)
    multiplyBy(step, toolSpectrum(workload, i, congestion, grid, kept))
    const before = loops(step, scenario.depth, grid)
    multiplyBy(before, waiting)
    const ttft = copyOf(before)
    multiplyBy(ttft, first)
    multiplyBy(before, call)
    multiplyBy(before, state)
    const [turn, firstToken] = massesBehind(before, ttft)
    return { turn, ttft: firstToken }
  })
}

/** Everything of a call up to its first token: event loop, refused tries, time to first token. */
function firstTokenSpectrum(
  workload: Workload,
  scenario: ScenarioDemand,
  congestion: Congestion,
  grid: Grid,
  kept: Kept,
): Spectrum {
  const { ttft } = workload.models[scenario.model]!
  const engine = congestion.engines.get(scenario.model)
  const first = engine ? pointSpectrum(grid, engine.firstMs) : copyOf(lawSpectrum(kept, grid, ttft))
  delayBy(first, grid, workload.agent.overhead.cpuPerCallMs)
  delaySometimes(first, grid, congestion.cpu.share, congestion.cpu.meanMs)
  if (engine) delaySometimes(first, grid, 1, engine.waitMs)
  const tries = congestion.retries.get(scenario.model)
  if (tries) {
    const masses = new Float64Array(grid.length)
    for (const { share, waitMs } of tries) addMass(grid, masses, waitMs, share)
    multiplyBy(first, spectrumOf(masses))
  }
  return first
}

/** The tokens of a call after its first. */
function streamSpectrum(
  workload: Workload,
  index: number,
  scenario: ScenarioDemand,
  enginePace: number | undefined,
  grid: Grid,
  kept: Kept,
): Spectrum {
  const model = workload.models[scenario.model]!
  const output = workload.scenarios[index]!.output
  const cap = model.maxTokens ?? Infinity
  const tokensAfterFirst = (tokens: number): number => Math.min(cap, Math.max(1, Math.round(tokens))) - 1
  const make = (): Spectrum => {
    const masses = new Float64Array(grid.length)
    for (const { share, perTokenMs } of paces(workload, model, enginePace)) {
      const part = massesOf(grid, output, (tokens) => tokensAfterFirst(tokens) * perTokenMs)
      for (let i = 0; i < masses.length; i++) masses[i]! += share * part[i]!
    }
    return spectrumOf(masses)
  }
  // An engine's pace is another at every level: nothing to keep.
  if (enginePace !== undefined) return make()
  const { cpuPerTokenMs } = workload.agent.overhead
  return kept(output, `stream ${cap} ${cpuPerTokenMs} ${numberOf(model.perToken)}`, make)
}

/** The pace of the stream, as a few equally likely values; never faster than the event loop relays tokens. */
function paces(
  workload: Workload,
  model: Model,
  enginePace?: number,
): { share: number; perTokenMs: number }[] {
  const slowest = workload.agent.overhead.cpuPerTokenMs
  if (enginePace !== undefined) return [{ share: 1, perTokenMs: Math.max(slowest, enginePace) }]
  if (model.perToken.variance === 0) return [{ share: 1, perTokenMs: Math.max(slowest, model.perToken.mean) }]
  const count = 24
  return Array.from({ length: count }, (_, i) => ({
    share: 1 / count,
    perTokenMs: Math.max(slowest, atLeastZero(model.perToken.quantile((i + 0.5) / count))),
  }))
}

/** The slowest of the parallel calls of one tool step, mixed over the scenario's tools. */
function toolSpectrum(
  workload: Workload,
  index: number,
  congestion: Congestion,
  grid: Grid,
  kept: Kept,
): Spectrum {
  const tools = workload.scenarios[index]!.tools
  if (tools.length === 0) return pointSpectrum(grid, 0)
  const mixed = zeroSpectrum(grid.length)
  for (const tool of tools) {
    const spectrum = copyOf(slowestSpectrum(workload.tools[tool]!, grid, kept))
    const wait = congestion.tools.get(tool)
    if (wait) delaySometimes(spectrum, grid, wait.share, wait.meanMs)
    addTo(mixed, spectrum, 1 / tools.length)
  }
  return mixed
}

function slowestSpectrum({ latency, fanOut }: Tool, grid: Grid, kept: Kept): Spectrum {
  return kept(latency, `slowest of ${numberOf(fanOut)}`, () => {
    const masses = new Float64Array(grid.length)
    const counts = rounded(fanOut, 1)
    counts.at.forEach((chance, i) => {
      const power = 1 / (counts.from + i)
      eachShare((u, share) =>
        addMass(grid, masses, atLeastZero(latency.quantile(u ** power)), chance * share),
      )
    })
    return spectrumOf(masses)
  })
}

/** Σ over d of P(depth = d) × step^(d − 1), by Horner at every frequency. */
function loops(step: Spectrum, depth: Discrete, grid: Grid): Spectrum {
  const sum = zeroSpectrum(grid.length)
  for (let f = 0; f < sum.re.length; f++) {
    const x = step.re[f]!
    const y = step.im[f]!
    let re = 0
    let im = 0
    for (let d = depth.at.length - 1; d >= 0; d--) {
      const next = re * x - im * y + depth.at[d]!
      im = re * y + im * x
      re = next
    }
    for (let d = 1; d < depth.from; d++) [re, im] = [re * x - im * y, re * y + im * x]
    sum.re[f] = re
    sum.im[f] = im
  }
  return sum
}
