/** One thing that is measured, as objectives, reports and machines name it. */
export interface Metric {
  /** `share` is of turns: 0 to 1. */
  readonly unit: 'ms' | 'share' | 'count'
  /** What has a value of it: percentiles are over these. */
  readonly per: 'token' | 'turn' | 'session' | 'call'
  readonly better: 'lower' | 'higher'
  /**
   * Who can tell it: `solved` stands for every engine, `played` for those that play turns one by one, `driven` for
   * users before a real agent alone.
   */
  readonly from: 'solved' | 'played' | 'driven'
  /** The name in tables. */
  readonly label: string
  readonly help: string
  /** What k6, vLLM, GuideLLM and AIPerf call it. */
  readonly aliases: readonly string[]
}

/**
 * Every metric of the users' side. A new one is a row here and, where turns tell it, how in `result/turn-values.ts`;
 * objectives, the summary's parts and all reports follow. Each is told whole, by scenario and, where it is of turns,
 * by the turn's place in its session.
 */
export const metrics = {
  turn: {
    unit: 'ms',
    per: 'turn',
    better: 'lower',
    from: 'solved',
    label: 'turn',
    help: 'From the send to the end of the answer.',
    aliases: ['http_req_duration', 'iteration_duration', 'request_latency'],
  },
  intended: {
    unit: 'ms',
    per: 'turn',
    better: 'lower',
    from: 'played',
    label: 'turn, from intended',
    help: 'From the instant at which the user meant to send to the end of the answer.',
    aliases: [],
  },
  ttft: {
    unit: 'ms',
    per: 'turn',
    better: 'lower',
    from: 'solved',
    label: 'first token',
    help: 'From the send to the first answer text.',
    aliases: ['response', 'http_req_waiting', 'time_to_first_token'],
  },
  useful: {
    unit: 'ms',
    per: 'turn',
    better: 'lower',
    from: 'driven',
    label: 'first useful text',
    help: 'From the send to the first text after the last sign of work (thinking, tool calls, status), blanks left out.',
    aliases: ['time_to_first_output_token'],
  },
  itl: {
    unit: 'ms',
    per: 'token',
    better: 'lower',
    from: 'solved',
    label: 'between tokens',
    help: 'Between one answer token and the next.',
    aliases: ['inter_token_latency'],
  },
  tpot: {
    unit: 'ms',
    per: 'turn',
    better: 'lower',
    from: 'played',
    label: 'per output token',
    help: 'From the first token to the end, for each token after the first.',
    aliases: ['time_per_output_token'],
  },
  tokens: {
    unit: 'count',
    per: 'turn',
    better: 'lower',
    from: 'played',
    label: 'tokens of an answer',
    help: 'Answer tokens that the user saw, or pieces where the protocol does not count.',
    aliases: ['output_sequence_length'],
  },
  errors: {
    unit: 'share',
    per: 'turn',
    better: 'lower',
    from: 'solved',
    label: 'errors',
    help: 'Turns without an answer.',
    aliases: ['http_req_failed'],
  },
  goodput: {
    unit: 'share',
    per: 'turn',
    better: 'higher',
    from: 'played',
    label: 'goodput',
    help: 'Turns that are answered within the limit of every objective on a percentile of their times.',
    aliases: [],
  },
  refused: {
    unit: 'share',
    per: 'turn',
    better: 'lower',
    from: 'driven',
    label: 'refused',
    help: 'Turns that met a 429 or a 503, answered in the end or not.',
    aliases: [],
  },
  retries: {
    unit: 'count',
    per: 'turn',
    better: 'lower',
    from: 'driven',
    label: 'retries',
    help: 'Further tries of a message after a 429 or a 503.',
    aliases: [],
  },
  lost: {
    unit: 'ms',
    per: 'turn',
    better: 'lower',
    from: 'driven',
    label: 'lost to refusals',
    help: 'From the send to the begin of the first try that was not refused; all of the turn where each was.',
    aliases: [],
  },
  session: {
    unit: 'ms',
    per: 'session',
    better: 'lower',
    from: 'driven',
    label: 'session',
    help: 'From the first send of a session to the end of its last answer.',
    aliases: [],
  },
  blocked: {
    unit: 'share',
    per: 'call',
    better: 'lower',
    from: 'played',
    label: 'blocked calls',
    help: 'Calls that found no channel of the carrier free.',
    aliases: [],
  },
  completed: {
    unit: 'share',
    per: 'call',
    better: 'higher',
    from: 'played',
    label: 'completed calls',
    help: 'Calls in which the caller said everything.',
    aliases: [],
  },
  escalated: {
    unit: 'share',
    per: 'call',
    better: 'lower',
    from: 'played',
    label: 'escalated calls',
    help: 'Calls that the agent handed to a person.',
    aliases: [],
  },
  abandoned: {
    unit: 'share',
    per: 'call',
    better: 'lower',
    from: 'played',
    label: 'abandoned calls',
    help: 'Calls whose caller waited too long and hung up.',
    aliases: [],
  },
  dropped: {
    unit: 'share',
    per: 'call',
    better: 'lower',
    from: 'played',
    label: 'dropped calls',
    help: 'Calls that the agent or its socket ended before their time.',
    aliases: [],
  },
  failed: {
    unit: 'share',
    per: 'call',
    better: 'lower',
    from: 'played',
    label: 'failed calls',
    help: 'Calls that the agent did not take.',
    aliases: [],
  },
  integrations: {
    unit: 'share',
    per: 'call',
    better: 'lower',
    from: 'played',
    label: 'integration timeouts',
    help: 'Calls in which the agent gave up a tool that took too long.',
    aliases: [],
  },
  bargeIn: {
    unit: 'ms',
    per: 'call',
    better: 'lower',
    from: 'played',
    label: 'barge-in',
    help: 'From the first sound of a caller who interrupts to the end of the agent’s.',
    aliases: [],
  },
  gaps: {
    unit: 'count',
    per: 'call',
    better: 'lower',
    from: 'played',
    label: 'gaps of a call',
    help: 'Holes in the agent’s sound: the next piece of an answer came too late.',
    aliases: [],
  },
  satisfaction: {
    unit: 'share',
    per: 'call',
    better: 'higher',
    from: 'played',
    label: 'satisfaction (proxy)',
    help: 'A proxy of answers, holes and endings, from 0 to 1: nobody is asked.',
    aliases: [],
  },
} as const satisfies Readonly<Record<string, Metric>>

export type MetricName = keyof typeof metrics

type With<Part> = {
  [Name in MetricName]: (typeof metrics)[Name] extends Part ? Name : never
}[MetricName]

/** Metrics of which each turn has a value of its own. */
export type TurnMetricName = Exclude<With<{ per: 'turn' }>, With<{ unit: 'share' }>>

/** Metrics that the algebra knows, and so every engine. */
export type SolvedMetricName = With<{ from: 'solved' }>

export const metricNames = Object.keys(metrics) as MetricName[]

/** The metric of a name of ours, of k6's or of the inference field's; undefined where nobody has it. */
export function metricNamed(name: string): MetricName | undefined {
  return metricNames.find((known) => {
    const aliases: readonly string[] = metrics[known].aliases
    return known === name || aliases.includes(name)
  })
}

export function isSolved(name: MetricName): name is SolvedMetricName {
  return metrics[name].from === 'solved'
}
