import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Child, startChild } from '../host/child-server.ts'
import { temporaryFolder } from '../host/temporary-folder.ts'
import type { AdminHealth } from '../wire/admin-api.ts'
import { AdminTokenWanted } from '../load/provider-admin.ts'
import type { Workload } from '../workload/workload.ts'
import { adminToken } from './admin-token.ts'
import { UserError } from './exit-codes.ts'
import type { Io } from './io.ts'
import { proxyEnvironmentFile } from './open-proxy.ts'
import type { ProviderFlags } from './provider-flags.ts'
import { startCommand } from './start-command.ts'
import { providerEnvironment } from './verbs/provider.ts'

/** How the two sides of the agent are set up for a measured run. */
export interface WorldOptions extends ProviderFlags {
  readonly file: string
  readonly set: readonly string[]
  readonly speed: number
  readonly seed: number
  /** The agent under test; from the file where absent. */
  readonly target?: string
  /** A command that starts the agent; it gets OPENAI_BASE_URL and its kin. */
  readonly start?: string
  /** Start the reference agent. */
  readonly reference?: boolean
  /** A provider that already runs, or `none`. */
  readonly provider?: string
}

/** What stands around the load: the provider behind the agent, and the agent where we started it. */
export interface World {
  readonly targetUrl: string
  readonly providerUrl: string | undefined
  readonly agent: Child | undefined
  /** Hosts beyond this machine that may be loaded. */
  readonly allowTargets?: readonly string[]
  close(): Promise<void>
}

const plimsoll = fileURLToPath(new URL('../../bin/plimsoll.js', import.meta.url))
const usualProvider = 'http://127.0.0.1:4010'
const readyTimeoutMs = 30_000
/** Where nothing listens that is known at once; on a busy machine a provider that is there may take seconds to say so. */
const healthTimeoutMs = 10_000

/**
 * Starts what is missing: the provider (unless one runs at `provider` or at its usual place) and the agent (the
 * reference one, or `start`). Everything started here is ended by `close`.
 */
export async function openWorld(
  workload: Workload,
  options: WorldOptions,
  io: Io,
  signal: AbortSignal,
): Promise<World> {
  if (options.reference && (options.target !== undefined || options.start !== undefined))
    throw new UserError(
      '--reference loads the reference agent, so there is no --target and no --start beside it',
    )
  if (options.reference && options.provider === 'none')
    throw new UserError('--reference loads the reference agent, which needs a provider behind it', {
      hint: 'leave --provider none away',
    })
  if (options.intercept && (options.start === undefined || options.provider !== undefined))
    throw new UserError('--intercept has the provider of this run answer an agent that it starts', {
      hint: 'add --start "command" and leave --provider away; or run: plimsoll provider FILE --proxy 4011 --env',
    })
  const named = options.target ?? workload.target?.url
  if (named === undefined && !options.reference) throw noAgent(options)
  const started: Child[] = []
  const folder = options.intercept ? temporaryFolder() : undefined
  const close = async (): Promise<void> => {
    for (const child of started.reverse()) await child.stop()
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
  try {
    const running = await runningProvider(workload, options, signal)
    const provider =
      running === undefined
        ? await startVerb('provider', providerPort(options), options, signal, providerArgs(options, folder))
        : undefined
    if (provider) started.push(provider)
    const modelOrigin = provider?.url ?? (running === 'none' ? undefined : running)
    const agent = await startTheAgent({ modelOrigin, folder, url: named }, options, workload, io, signal)
    if (agent) started.push(agent)
    const reference = isModelItself(workload) ? modelOrigin : agent?.url
    const targetUrl = (options.reference ? reference : named)!
    return { targetUrl, providerUrl: modelOrigin, agent, close }
  } catch (error) {
    await close()
    throw error
  }
}

function noAgent({ start }: WorldOptions): UserError {
  if (start !== undefined)
    return new UserError('--start needs to know where the agent will answer', { hint: 'add --target URL' })
  return new UserError('there is no agent to load', {
    hint: 'name it with --target URL or target.url in the file, start it with --start "command", or take --reference',
  })
}

/** The reference pair finds each other on free ports; one's own agent expects the provider at its usual port. */
function providerPort(options: WorldOptions): number {
  return options.reference || options.start ? 0 : Number(new URL(usualProvider).port)
}

/** The drivers that speak to a model endpoint itself. */
const modelDrivers = new Set(['openai', 'responses', 'anthropic'])

/** A speech-to-speech model is the agent: the reference one is the provider's. */
const isModelItself = (workload: Workload): boolean => workload.target?.driver === 'realtime'

/** A provider that is there already, `none` where there shall be none, undefined where one is to be started. */
async function runningProvider(
  workload: Workload,
  options: WorldOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (options.provider !== undefined) return options.provider
  if (options.reference || options.start !== undefined) return undefined
  const target = options.target ?? workload.target?.url
  // A target that is a model endpoint itself has nothing behind it, unless it is a provider of ours.
  if (modelDrivers.has(workload.target?.driver ?? '') && target !== undefined)
    return (await providerAt(new URL(target).origin, workload, options, signal)) ?? 'none'
  if (isModelItself(workload) && target !== undefined) {
    const model = await providerAt(new URL(target.replace(/^ws/, 'http')).origin, workload, options, signal)
    if (model !== undefined) return model
  }
  return providerAt(usualProvider, workload, options, signal)
}

async function providerAt(
  url: string,
  workload: Workload,
  options: WorldOptions,
  stop: AbortSignal,
): Promise<string | undefined> {
  let health: (Partial<AdminHealth> & { readonly error?: { readonly code?: string } }) | null
  try {
    const { adminToken: token } = adminToken()
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const signal = AbortSignal.any([stop, AbortSignal.timeout(healthTimeoutMs)])
    const answer = await fetch(`${url}/_plimsoll/health`, { headers, signal })
    health = (await answer.json()) as typeof health
  } catch {
    stop.throwIfAborted()
    return undefined
  }
  if (health?.error?.code === 'invalid_admin_token') {
    const { message, hint } = new AdminTokenWanted(url)
    throw new UserError(message, { hint })
  }
  if (health?.name !== 'plimsoll-provider') return undefined
  if (health.workloadHash !== workload.hash || health.speed !== options.speed)
    throw new UserError(`the provider at ${url} plays another workload or speed`, {
      hint: `start it as: plimsoll provider ${options.file} --speed ${options.speed}`,
    })
  return url
}

interface AgentSurroundings {
  readonly modelOrigin: string | undefined
  /** Where the provider's proxy leaves what the agent needs to know. */
  readonly folder: string | undefined
  /** Where one's own agent will answer. */
  readonly url: string | undefined
}

function startTheAgent(
  { modelOrigin, folder, url }: AgentSurroundings,
  options: WorldOptions,
  workload: Workload,
  io: Io,
  signal: AbortSignal,
): Promise<Child> | undefined {
  if (options.reference && isModelItself(workload)) return undefined
  if (options.reference) return startVerb('agent', 0, options, signal, ['--model-url', `${modelOrigin}/v1`])
  if (options.start === undefined || url === undefined) return undefined
  const env = {
    ...process.env,
    ...(modelOrigin && Object.fromEntries(providerEnvironment(modelOrigin))),
    ...(folder === undefined ? {} : proxyEnvironmentIn(folder)),
  }
  return startCommand(options.start, { env, readyUrl: url, readyTimeoutMs, signal }, io)
}

function providerArgs({ providerWorkers }: WorldOptions, folder: string | undefined): readonly string[] {
  return [
    ...(providerWorkers === undefined ? [] : ['--workers', `${providerWorkers}`]),
    ...(folder === undefined ? [] : ['--proxy', '0', '--proxy-folder', folder]),
  ]
}

function proxyEnvironmentIn(folder: string): Readonly<Record<string, string>> {
  const pairs = JSON.parse(readFileSync(join(folder, proxyEnvironmentFile), 'utf8')) as [string, string][]
  return Object.fromEntries(pairs)
}

function startVerb(
  verb: string,
  port: number,
  options: WorldOptions,
  signal: AbortSignal,
  more: readonly string[] = [],
): Promise<Child> {
  const set = options.set.flatMap((override) => ['--set', override])
  const flags = [
    '--port',
    `${port}`,
    '--speed',
    `${options.speed}`,
    '--seed',
    `${options.seed}`,
    '--json',
    '--child',
  ]
  return startChild({
    command: process.execPath,
    args: [plimsoll, verb, options.file, ...flags, ...set, ...more],
    env: process.env,
    readyTimeoutMs,
    signal,
  })
}
