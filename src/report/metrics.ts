import type { Capacity } from '../result/capacity.ts'
import { callsAtOnce, inUnit, type LoadUnit, loadUnit } from '../result/load-words.ts'
import type { Run } from '../result/run.ts'
import { goldenMetrics, notedMetrics } from './noted-metrics.ts'
import type { Summary } from '../result/summary.ts'
import { metrics } from '../workload/metrics.ts'
import { callMetrics } from './call-metrics.ts'
import { partMetrics } from './part-metrics.ts'

/** One number of a run, named for machines: seconds, shares and dollars, whatever the run keeps. */
export interface Metric {
  readonly name: string
  readonly help: string
  readonly unit: 's' | '1' | '1/s' | LoadUnit | 'USD' | 'cores' | 'bytes'
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  /** It only grows while a run goes on. */
  readonly counts?: true
  /** Its 95 % interval, where there is one. */
  readonly low?: number
  readonly high?: number
}

/** Every number of a run that a dashboard or a spreadsheet may want, answers labelled by their engine. */
export function metricsOf(run: Run): Metric[] {
  return [
    ...run.summaries.flatMap(ofSummary),
    ...run.capacities.flatMap(ofCapacity),
    ...ofDifference(run.against),
  ].filter(({ value }) => Number.isFinite(value))
}

type Labels = Readonly<Record<string, string>>

function metric(
  name: string,
  help: string,
  unit: Metric['unit'],
  labels: Labels,
  value: number | undefined,
  interval?: readonly [number | undefined, number | undefined],
): Metric[] {
  if (value === undefined) return []
  const [low, high] = interval ?? []
  const known = Number.isFinite(low) && Number.isFinite(high) ? { low: low!, high: high! } : {}
  return [{ name, help, unit, labels, value, ...known }]
}

function ofSummary(summary: Summary): Metric[] {
  const { origin, turns } = summary
  const labels = { origin }
  const unit = loadUnit(summary)
  const counts = ['completed', 'failed', 'abandoned', 'rejected'] as const
  return [
    ...metric(
      'load_level',
      'The load that the numbers are read at.',
      unit,
      { ...labels, of: unit },
      inUnit(summary),
    ),
    ...metric(
      'turns_per_second',
      'Completed turns a second.',
      '1/s',
      labels,
      turns.perSecond,
      turns.perSecondCi95,
    ),
    ...counts.flatMap((outcome) =>
      metric('turns', 'Turns by how they ended.', '1', { ...labels, outcome }, turns[outcome]),
    ),
    ...partMetrics(summary, labels),
    ...(summary.all?.metrics?.errors
      ? []
      : metric('error_share', metrics.errors.help, '1', labels, summary.errors?.rate)),
    ...Object.entries(summary.errors?.byKind ?? {}).flatMap(([kind, count]) =>
      metric('errors', 'Turns without an answer, by kind.', '1', { ...labels, kind }, count),
    ),
    ...metric(
      'goodput_turns_per_second',
      'Turns a second that keep the limits of all objectives on them.',
      '1/s',
      labels,
      summary.goodput?.turnsPerSecond,
    ),
    ...refusalMetrics(summary.refusals, labels),
    ...callMetrics(summary.phone, labels),
    ...metric('calls_per_turn', 'Model calls a turn.', '1', labels, summary.calls?.perTurn?.mean),
    ...metric(
      'tokens_per_second',
      'Tokens of model calls a second.',
      '1/s',
      labels,
      summary.tokens?.perSecond,
    ),
    ...(summary.services ?? []).flatMap(({ name, utilisation }) =>
      metric(
        'service_utilisation',
        'Share of a limit in use.',
        '1',
        { ...labels, service: name },
        utilisation,
      ),
    ),
    ...metric('cost_per_turn_usd', 'Model cost of a turn.', 'USD', labels, summary.cost?.perTurnUsd),
    ...summary.objectives.flatMap(({ text, pass }) =>
      pass === 'undecided'
        ? []
        : metric(
            'objective_holds',
            '1 where it holds, 0 where missed.',
            '1',
            { ...labels, objective: text },
            Number(pass),
          ),
    ),
    ...(summary.generator
      ? metric(
          'generator_valid',
          '0 where the load generator did not keep up.',
          '1',
          labels,
          Number(summary.generator.valid),
        )
      : []),
    ...notedMetrics(summary.script, labels),
    ...goldenMetrics(summary.golden, labels),
    ...metric('agent_cpu_cores', 'Cores used by the agent.', 'cores', labels, summary.generator?.agentCpu),
    ...serverMetrics(summary.server, labels),
  ]
}

function serverMetrics(server: Summary['server'], labels: Labels): Metric[] {
  if (!server) return []
  const { cpuMsPerTurn, cpuMsPerSession, rssBytes, rssPeakBytes, openFiles, sockets } = server
  const cpu = (of: string, ms: number | undefined): Metric[] =>
    metric(`agent_cpu_seconds_per_${of}`, `CPU of the agent for a ${of}.`, 's', labels, ms && ms / 1000)
  const memory = (statistic: string, bytes: number): Metric[] =>
    metric('agent_memory_bytes', 'Memory of the agent.', 'bytes', { ...labels, statistic }, bytes)
  const grown = (of: string, bytes: number | undefined): Metric[] =>
    metric(
      `agent_memory_bytes_per_${of}`,
      `What the memory of the agent grew by for each ${of}.`,
      'bytes',
      labels,
      bytes,
    )
  return [
    ...cpu('turn', cpuMsPerTurn),
    ...cpu('session', cpuMsPerSession),
    ...memory('mean', rssBytes),
    ...memory('max', rssPeakBytes),
    ...grown('user', server.rssBytesPerUser),
    ...grown('session', server.rssBytesPerSession),
    ...metric('agent_sockets', 'The most sockets of the agent at once.', '1', labels, sockets),
    ...metric('agent_open_files', 'The most open files of the agent at once.', '1', labels, openFiles),
  ]
}

function refusalMetrics(refusals: Summary['refusals'], labels: Labels): Metric[] {
  if (!refusals) return []
  const { refused, retries, told, obeyed, lostMs } = refusals
  return [
    ...metric('refusals', 'Answers 429 and 503 that users met.', '1', labels, refused),
    ...metric('refusal_retries', 'Further tries after one of them.', '1', labels, retries),
    ...metric('retry_after', 'Tries after a refusal that said when to come back.', '1', labels, told),
    ...metric('retry_after_honoured', 'Those of them that did not come before.', '1', labels, obeyed),
    ...metric('refusal_lost_seconds', 'Time that users lost to refusals.', 's', labels, lostMs / 1000),
  ]
}

function ofDifference(against: Run['against']): Metric[] {
  if (!against) return []
  const { capacity, difference, low, high } = against
  const unit = loadUnit(capacity)
  const told = (value: number | undefined): number | undefined => value && inUnit(capacity, value)
  const help = 'How much more load the second system carries than the first.'
  return metric('capacity_difference', help, unit, { origin: capacity.origin, of: unit }, told(difference), [
    told(low),
    told(high),
  ])
}

function ofCapacity(capacity: Capacity): Metric[] {
  const { origin, low, high, runAt, unbounded } = capacity
  if (unbounded) return []
  const unit = loadUnit(capacity)
  const told = (value: number | undefined): number | undefined => value && inUnit(capacity, value)
  const atOnce = (name: string, help: string, value?: number): Metric[] =>
    metric(name, help, '1', { origin }, callsAtOnce(capacity, value))
  const labels = { origin, of: unit }
  return [
    ...metric('capacity', 'The most load at which every objective holds.', unit, labels, inUnit(capacity), [
      told(low),
      told(high),
    ]),
    ...metric('run_at', 'The load to run at, with headroom.', unit, labels, told(runAt)),
    ...atOnce('capacity_calls_at_once', 'Calls on the line at once, on average, at the capacity.'),
    ...atOnce('run_at_calls_at_once', 'Calls on the line at once, on average, at the load to run at.', runAt),
  ]
}
