// The queueing results Plimsoll plans with, as a library: `plimsoll/formulas`. One time unit throughout a call.
export { allenCunneen } from './allen-cunneen.ts'
export { asymptoticBounds, type AsymptoticBounds, type ClosedBounds } from './asymptotic-bounds.ts'
export { balancedJobBounds } from './balanced-job-bounds.ts'
export { bardSchweitzer } from './bard-schweitzer.ts'
export { birthDeath, meanOver, type BirthDeath } from './birth-death.ts'
export {
  closedResponseBeyond,
  closedResponsePercentile,
  type MachineRepairman,
} from './closed-response-percentile.ts'
export { cobham, type PriorityClass } from './cobham.ts'
export { convolution, normalisingConstants, type ClosedNetwork, type NetworkStation } from './convolution.ts'
export { engset, type Engset } from './engset.ts'
export { erlangA, type ErlangA, erlangAAnswered, erlangAServers } from './erlang-a.ts'
export { erlangB, erlangBOffered, erlangBServers } from './erlang-b.ts'
export { erlangC, erlangCServers, type ErlangC } from './erlang-c.ts'
export { flowEquivalent } from './flow-equivalent.ts'
export { forkJoin, harmonic } from './fork-join.ts'
export { geometricBounds } from './geometric-bounds.ts'
export { kingman, kingmanBound } from './kingman.ts'
export { kneedle } from './kneedle.ts'
export { linearizer } from './linearizer.ts'
export { littlesLaw } from './littles-law.ts'
export {
  concurrencyLine,
  timeBudget,
  type ConcurrencyLine,
  type ConcurrencyPoint,
  type EngineSample,
  type TimeBudget,
} from './llm-fit.ts'
export { llmOpen, type LlmOpenState } from './llm-open.ts'
export {
  llmCallTime,
  llmClosed,
  llmHalfSaturation,
  llmThroughput,
  llmThroughputLimit,
  type LlmCall,
  type LlmEngine,
} from './llm-station.ts'
export {
  loadDependentClosed,
  loadDependentResponse,
  multiServerRate,
  type ClosedStation,
  type ClosedStationState,
} from './load-dependent-closed.ts'
export { loadDependentOpen, type OpenStation, type OpenStationState } from './load-dependent-open.ts'
export { meanValueAnalysis, type MeanValues } from './mean-value-analysis.ts'
export { mm1, mm1Arrival, type SingleServer } from './mm1.ts'
export { mmck, type FiniteQueue } from './mmck.ts'
export { mixedNetwork, type MixedNetwork, type OpenClass } from './mixed-network.ts'
export { multiClassBardSchweitzer } from './multi-class-bard-schweitzer.ts'
export { multiClassMva, type ClosedClass, type MultiClassMeanValues } from './multi-class-mva.ts'
export { nonNegativeLeastSquares } from './non-negative-least-squares.ts'
export { openNetwork, type OpenNetwork } from './open-network.ts'
export { pollaczekKhinchine } from './pollaczek-khinchine.ts'
export { processorSharing } from './processor-sharing.ts'
export { retrialQueue, type RetrialModel, type RetrialQueue } from './retrial-queue.ts'
export { seidmann, type SeidmannParts } from './seidmann.ts'
export { uslFit, type ScalabilityFit, type ScalabilityPoint } from './universal-scalability-fit.ts'
export {
  uslPeak,
  uslPopulationAtLatency,
  uslThroughput,
  type UniversalScalability,
} from './universal-scalability.ts'

// What follows sizes with them: calls by telephone.
export {
  callBlocking,
  callChannels,
  callErlangs,
  callsCarried,
  type CallTraffic,
} from '../voice-sizing/call-channels.ts'
export {
  callStarts,
  type CallStarts,
  campaignMs,
  startsCarriedPerMinute,
} from '../voice-sizing/call-starts.ts'
export { latencyLeft, type LatencyPart, mouthToEar, type MouthToEar } from '../voice-sizing/mouth-to-ear.ts'
export {
  chainBlocking,
  type ChainBlocking,
  chainCapacity,
  type ChainCapacity,
  type Vendor,
  type VendorCapacity,
} from '../voice-sizing/vendor-chain.ts'
export {
  mouthToEarBudget,
  type StartLimit,
  type VoiceLimit,
  voiceLimits,
} from '../../workload/voice-limits.ts'

// Peaks: how much more than the mean, and who absorbs it.
export {
  burstinessFactor,
  burstyServers,
  burstyWait,
  type Pool,
  tracedArrivalCv,
  utilisationAtWait,
  type Variation,
} from '../peak/bursty-arrivals.ts'
export {
  loadShape,
  type LoadShape,
  peakOf,
  shapeAtCapacity,
  type ShapeAtCapacity,
  usualPeakToAverage,
} from '../peak/peak-to-average.ts'
export { type BurstAbsorbed, type CallBurst, quotaBurst } from '../peak/quota-burst.ts'
export {
  synchronisedStart,
  type SynchronisedStart,
  type SynchronisedWait,
} from '../peak/synchronised-start.ts'
export { type PairedUnit, type PairedUnits, pairedUnits } from '../quota-sizing/paired-units.ts'
