import { learnedFile, type LearnedFileBase } from '../fit/learned-file.ts'
import { learnWorkload } from '../fit/learn-workload.ts'
import type { Child } from '../host/child-server.ts'
import { isAllowedTarget, isLocalTarget } from '../load/local-target.ts'
import { playTurns } from '../load/play-turns.ts'
import { type PassThrough, startPassThrough } from '../provider/pass-through.ts'
import { type Recording, recordingOf, type SeenCall, type SeenTool } from '../result/recording.ts'
import type { TurnRecord } from '../result/records.ts'
import { formatCount, formatUsd } from '../result/figure-text.ts'
import { modelPreset } from '../workload/presets.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import type { Price, Workload } from '../workload/workload.ts'
import { UserError } from './exit-codes.ts'
import type { Io } from './io.ts'
import { turnDriverName } from './measured-runner.ts'
import { priceOf } from './prices.ts'
import { type OpenProxy, openProxy } from './open-proxy.ts'
import { proxiesOf } from './proxies.ts'
import { WorkloadError } from './read-workload.ts'
import { startCommand } from './start-command.ts'
import { providerEnvironment } from './verbs/provider.ts'

export interface LearnThroughOptions {
  readonly file: string
  readonly starter: string
  /** The target section of the file. */
  readonly target: Readonly<Record<string, unknown>> & { readonly url: string }
  readonly say: readonly string[]
  readonly through: string
  readonly tools?: string
  readonly start?: string
  /** Its calls to the host of `through` pass through too, by a proxy that it is told of. */
  readonly intercept?: boolean
  readonly port?: number
  readonly turns: number
  readonly maxSpendUsd: number
  /** Dollars for a million tokens, where the model's are not known. */
  readonly price?: Price
  readonly keepText: boolean
  readonly allowTargets: readonly string[]
  readonly seed: number
}

export interface LearnedThrough {
  readonly text: string
  readonly recording: Recording
  readonly spentUsd: number
  readonly notes: readonly string[]
  /** Why it ended before all turns were played. */
  readonly ended?: string
}

const usualPort = 4010
const turnTimeoutMs = 600_000
const readyTimeoutMs = 60_000

/** Plays turns against an agent whose model calls pass through to the real provider, and learns its workload file. */
export async function learnThrough(
  options: LearnThroughOptions,
  io: Io,
  signal: AbortSignal,
): Promise<LearnedThrough> {
  const { target, through } = options
  if (!isAllowedTarget(target.url, options.allowTargets))
    throw new UserError(`${new URL(target.url).host} is not on this machine, so nothing was sent`, {
      hint: `if it is yours to load, say so with --allow-target ${new URL(target.url).hostname}`,
    })
  const base = { ...options, name: 'learned', learnedFrom: 'nothing yet' }
  const workload = parsed(learnedFile(base, { fields: [], model: undefined, tools: [], notes: [] }), options)
  const seen = new Seen(io, signal)
  const passing = await startPassing(options, seen)
  let agent: Child | undefined
  let proxy: OpenProxy | undefined
  try {
    proxy = options.intercept ? await proxyBefore(passing, through) : undefined
    agent = await startTheAgent(passing, proxy, options, io, seen.signal)
    if (!agent) io.note(`your agent should have its model at ${passing.url}/v1, with its own key`)
    const line = io.progress(`playing ${options.turns} turns through to ${new URL(through).host}`)
    const records = await play(workload, options, { passing, seen }, (turn, message) => {
      const at = `${formatCount(turn)} of ${options.turns} turns, ${formatUsd(passing.spentUsd)}`
      line.update(message === undefined ? at : `${at}: ${message}`)
    }).finally(() => line.done())
    return learn(options, records, seen, passing.spentUsd)
  } finally {
    await agent?.stop()
    await proxy?.close()
    await passing.close()
  }
}

/** What was seen behind the agent, and why no more should be. */
class Seen {
  readonly calls: SeenCall[] = []
  readonly tools: SeenTool[] = []
  readonly embeddings = { calls: 0, tokens: 0 }
  held: string | undefined
  /** What went wrong in the last turn that failed. */
  wrong: string | undefined
  readonly signal: AbortSignal
  readonly #io: Io
  readonly #stop = new AbortController()

  constructor(io: Io, signal: AbortSignal) {
    this.#io = io
    this.signal = AbortSignal.any([signal, this.#stop.signal])
  }

  hold(reason: string): void {
    if (this.held === undefined) this.#io.note(`no further turns: ${reason}`)
    this.held ??= reason
    this.#stop.abort()
  }
}

async function startPassing(options: LearnThroughOptions, seen: Seen): Promise<PassThrough> {
  const { through, tools, start, maxSpendUsd, keepText } = options
  const port = options.port ?? (start === undefined ? usualPort : 0)
  try {
    return await startPassThrough({
      through,
      ...(tools === undefined ? {} : { tools }),
      port,
      maxSpendUsd,
      keepText,
      priceOf: (model) => options.price ?? listPrice(model) ?? (isLocalTarget(through) ? noPrice : undefined),
      sawCall: (call) => seen.calls.push(call),
      sawTool: (tool) => seen.tools.push(tool),
      sawEmbedding: (tokens) => {
        seen.embeddings.calls++
        seen.embeddings.tokens += tokens
      },
      held: (reason) => seen.hold(reason),
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new UserError(`port ${port} is taken`, { hint: 'end what listens there, or name another --port' })
  }
}

function proxyBefore({ url }: PassThrough, through: string): Promise<OpenProxy> {
  const { hostname: host, port } = new URL(url)
  const real = new URL(through)
  // What else the agent asks for goes where it went before.
  const flags = { proxyOthers: 'tunnel', modelHost: [real.hostname, real.host] } as const
  return openProxy({ host, port: Number(port) }, flags)
}

function startTheAgent(
  { url }: PassThrough,
  proxy: OpenProxy | undefined,
  { start, target, tools }: LearnThroughOptions,
  io: Io,
  signal: AbortSignal,
): Promise<Child> | undefined {
  if (start === undefined) return undefined
  // Its keys are its own; only where it asks is told.
  const addresses = providerEnvironment(url).filter(
    ([name]) => /URL|ENDPOINT|API_BASE/.test(name) && (tools !== undefined || !name.startsWith('PLIMSOLL_')),
  )
  const env = { ...process.env, ...Object.fromEntries([...addresses, ...(proxy?.environment ?? [])]) }
  return startCommand(start, { env, readyUrl: target.url, readyTimeoutMs, signal }, io)
}

function play(
  workload: Workload,
  options: LearnThroughOptions,
  { passing, seen }: { readonly passing: PassThrough; readonly seen: Seen },
  tell: (turn: number, message: string | undefined) => void,
): Promise<TurnRecord[]> {
  let ended = 0
  return playTurns(
    workload,
    {
      target: options.target.url,
      driver: turnDriverName(workload),
      seed: options.seed,
      turns: options.turns,
      allowTargets: options.allowTargets,
      proxies: proxiesOf(process.env),
      turnTimeoutMs,
      settled: () => passing.idle(),
      ended: (record, message) => {
        tell(++ended, message)
        seen.wrong = message ?? seen.wrong
        if (record.outcome === 'completed' && seen.calls.length === 0 && seen.held === undefined)
          throw new UserError('the agent answered, but no model call came through here', {
            hint: `it still talks to its model itself: start it with OPENAI_BASE_URL=${passing.url}/v1, or let --start "command" do that`,
          })
      },
    },
    seen.signal,
  )
}

function learn(
  options: LearnThroughOptions,
  records: readonly TurnRecord[],
  seen: Seen,
  spentUsd: number,
): LearnedThrough {
  const turns = records.map(({ session, turn, sentAtMs, endedAtMs, outcome }) => ({
    session,
    turn,
    sentAtMs,
    endedAtMs,
    completed: outcome === 'completed',
  }))
  const recording = recordingOf(turns, seen.calls, seen.tools)
  const learned = learnWorkload(recording)
  if (learned.model === undefined)
    throw new UserError('no turn was answered whole, so nothing was learned', {
      hint: seen.held ?? seen.wrong ?? 'plimsoll check FILE --target URL shows one turn from both sides',
    })
  const like = providers.map((provider) => `${provider}/${undated(learned.model!)}`).find(modelPreset)
  const base: LearnedFileBase = {
    ...options,
    name: 'learned',
    learnedFrom: `${recording.turns.length} turns passed through to ${new URL(options.through).host}`,
    ...(like === undefined ? {} : { like }),
  }
  const text = learnedFile(base, learned)
  parsed(text, options)
  const ended = seen.held ?? (records.length < options.turns ? 'interrupted' : undefined)
  const notes = [...learned.notes, ...notesOfEmbeddings(seen)]
  return { text, recording, spentUsd, notes, ...(ended === undefined ? {} : { ended }) }
}

function notesOfEmbeddings({ embeddings: { calls, tokens } }: Seen): string[] {
  if (calls === 0) return []
  const words = `${formatCount(calls)} requests for embeddings, of ${formatCount(tokens)} tokens`
  return [`${words}, are paid and in no field: their time is the agent's own`]
}

function parsed(text: string, { file }: LearnThroughOptions): Workload {
  const { workload, problems } = parseWorkload(text, { file, env: process.env, price: priceOf })
  if (!workload) throw new WorkloadError(problems, file)
  return workload
}

const providers = ['openai', 'anthropic', 'google', 'azure', 'groq', 'mistral', 'deepseek', 'x-ai', 'cohere']

/** A model's name without the day of its version. */
const undated = (model: string): string => model.replace(/-(?:\d{4}-\d{2}-\d{2}|\d{8})$/, '')

function listPrice(model: string): Price | undefined {
  for (const name of [model, undated(model)])
    for (const like of [name, ...providers.map((provider) => `${provider}/${name}`)]) {
      const price = priceOf(like)
      if (price) return price
    }
  return undefined
}

/** One's own machine takes no money. */
const noPrice: Price = {
  inputPerMillionUsd: 0,
  cachedPerMillionUsd: 0,
  outputPerMillionUsd: 0,
  source: 'on this machine',
}
