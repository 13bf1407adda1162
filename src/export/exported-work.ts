import { mostTokensName } from '../wire/openai-model-rules.ts'
import type { Distribution } from '../stats/distribution.ts'
import type { HttpProtocol, JsonPointer, JsonTemplate, RequestTemplate } from '../workload/target.ts'
import type { Objective, Workload } from '../workload/workload.ts'

/** What a script of another load tester needs to know of a workload: plain data, written into the script as it is. */
export interface ExportedWork {
  readonly name: string
  readonly url: string
  /** Sent with every request; `${NAME}` stands for a variable of the environment. */
  readonly headers: Readonly<Record<string, string>>
  readonly open?: RequestTemplate & { readonly session?: JsonPointer }
  readonly send: RequestTemplate
  readonly close?: RequestTemplate
  readonly answer: HttpProtocol['answer']
  /** Earlier messages sent along where a body holds `{messages}`; null for all. */
  readonly historyMessages: number | null
  readonly scenarios: readonly ExportedScenario[]
  /** How long a user waits for an answer, seconds; absent for as long as it takes. */
  readonly patience?: Draw
  readonly objectives: readonly ExportedObjective[]
}

/** A kind of conversation, in what the other tester can play. */
export interface ExportedScenario {
  readonly name: string
  readonly share: number
  /** Conversations, of which a session is one. */
  readonly say: readonly (readonly string[])[]
  /** A session has as many turns as its conversation has messages. */
  readonly saysTurns: boolean
  readonly turns: Draw
  /** Seconds. */
  readonly think: Draw
  readonly expect?: { readonly status?: number; readonly contains?: string; readonly underMs?: number }
}

/** A constant, or values at even steps of the distribution function to draw between. */
export type Draw = number | readonly number[]

/** An objective, in the words of k6's thresholds. */
export interface ExportedObjective {
  readonly text: string
  readonly metric: 'turn' | 'errors'
  /** `p(95)` or `avg` of the turn's milliseconds, or `rate`. */
  readonly aggregate: string
  readonly share?: number
  readonly limit: number
  readonly scenario?: string
}

/** What of a workload another tester can play, and what it cannot. */
export interface Export {
  readonly work: ExportedWork
  /** What the other tester cannot do, a sentence each. */
  readonly notes: readonly string[]
}

/** A workload that no script can speak for, and why. */
export class NotExportable extends Error {}

/** Steps of a drawn quantity: its tails beyond 0.1 % and 99.9 % are cut. */
const steps = 256

/** The users' side of a workload, and what is lost on the way. Throws `NotExportable`. */
export function exportedWork(workload: Workload): Export {
  const { target, users } = workload
  if (!target) throw new NotExportable('the file has no target; write target.url and target.driver')
  const { access, connection } = target
  if (access?.rows || access?.login)
    throw new NotExportable('its users log in or have rows of a file, which a script cannot do for them yet')
  const notes: string[] = []
  if (access?.cookies)
    notes.push('cookies are left to the tester: k6 keeps them for each user, and so does Locust')
  if (connection) notes.push('certificates and HTTP/2 of the target are left out')
  const objectives = workload.objectives.flatMap((objective) => exportedObjective(workload, objective, notes))
  if (users.patience?.of === 'firstToken')
    notes.push('patience for the first token is left out: answers are read whole')
  notes.push('answers are read whole: no time to first token, and no time between tokens')
  const headers = hideSecrets(target.headers, target.secrets, notes)
  return {
    work: {
      name: workload.name,
      url: target.url.replace(/\/+$/, ''),
      headers,
      ...protocolOf(workload),
      historyMessages: finiteOrNull(workload.scenarios[0]!.input.historyMessages),
      scenarios: workload.scenarios.map((scenario) => ({
        name: scenario.name,
        share: scenario.share,
        say: scenario.conversations?.texts ?? [scenario.say],
        saysTurns: scenario.conversations?.decideTurns ?? false,
        turns: draw(scenario.turns),
        think: draw(scenario.think, 1000),
        ...(scenario.expect ? { expect: scenario.expect } : {}),
      })),
      ...(users.patience?.of === 'turn' ? { patience: draw(users.patience.after, 1000) } : {}),
      objectives,
    },
    notes,
  }
}

/** Values at the middles of even steps; divided by `unit`. */
function draw(distribution: Distribution, unit = 1): Draw {
  if (distribution.variance === 0) return distribution.mean / unit
  return Array.from({ length: steps + 1 }, (_, step) => {
    const share = Math.min(0.999, Math.max(0.001, step / steps))
    return Number((distribution.quantile(share) / unit).toPrecision(5))
  })
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null)

function protocolOf(workload: Workload): Pick<ExportedWork, 'open' | 'send' | 'close' | 'answer'> {
  const { driver, http, model: named } = workload.target!
  const model = workload.models[workload.scenarios[0]!.model]!
  const modelName = named ?? model.id
  switch (driver) {
    case 'sessions':
    case 'sessions-json':
      return {
        open: post('/api/sessions', {}, ['session_id']),
        send: post('/api/sessions/{session}/messages', { content: '{text}' }),
        close: { method: 'DELETE', path: '/api/sessions/{session}', headers: {} },
        answer: { format: 'json', text: ['content'], error: ['error'] },
      }
    case 'openai':
      return modelApi('/chat/completions', ['choices', '0', 'message', 'content'], {
        model: modelName,
        messages: '{messages}',
        ...(model.maxTokens === undefined ? {} : { [mostTokensName(modelName)]: model.maxTokens }),
      })
    case 'responses':
      return modelApi('/responses', ['output', '-1', 'content', '0', 'text'], {
        model: modelName,
        input: '{messages}',
        store: false,
        ...(model.maxTokens === undefined ? {} : { max_output_tokens: model.maxTokens }),
      })
    case 'anthropic':
      return modelApi(
        '/messages',
        ['content', '0', 'text'],
        { model: modelName, max_tokens: model.maxTokens ?? 4096, messages: '{messages}' },
        { 'anthropic-version': '2023-06-01' },
      )
    case 'http':
      if (http!.poll)
        throw new NotExportable('target.http.poll: scripts cannot ask again until an answer is there')
      return {
        ...(http!.open ? { open: http!.open } : {}),
        send: http!.send,
        ...(http!.close ? { close: http!.close } : {}),
        answer: http!.answer,
      }
    default:
      throw new NotExportable(`target.driver: ${driver} is not HTTP requests and answers`)
  }
}

const post = (
  path: string,
  body: JsonTemplate,
  session?: JsonPointer,
): RequestTemplate & { session?: JsonPointer } => ({
  method: 'POST',
  path,
  headers: {},
  body,
  ...(session ? { session } : {}),
})

function modelApi(
  path: string,
  text: JsonPointer,
  body: JsonTemplate,
  headers: Readonly<Record<string, string>> = {},
): Pick<ExportedWork, 'send' | 'answer'> {
  return { send: { ...post(path, body), headers }, answer: { format: 'json', text, error: ['error'] } }
}

/** Secrets stay in the environment: a header that holds one is read from a variable named after it. */
function hideSecrets(
  headers: Readonly<Record<string, string>>,
  secrets: readonly string[],
  notes: string[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (!secrets.some((secret) => secret !== '' && value.includes(secret))) return [name, value]
      const variable = name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')
      notes.push(`header ${name} holds a secret: set ${variable} in the environment to its whole value`)
      return [name, `\${${variable}}`]
    }),
  )
}

function exportedObjective(workload: Workload, objective: Objective, notes: string[]): ExportedObjective[] {
  const { text, metric, statistic, limit } = objective
  if (metric !== 'turn' && metric !== 'errors') {
    notes.push(`objective «${text}» is left out: ${metric} cannot be seen`)
    return []
  }
  const scenario = objective.scenario === undefined ? undefined : workload.scenarios[objective.scenario]!.name
  const share = statistic.kind === 'percentile' ? statistic.share : undefined
  return [
    {
      text,
      metric,
      aggregate:
        share !== undefined
          ? `p(${Number((share * 100).toFixed(6))})`
          : statistic.kind === 'mean'
            ? 'avg'
            : 'rate',
      ...(share === undefined ? {} : { share }),
      limit,
      ...(scenario === undefined ? {} : { scenario }),
    },
  ]
}
