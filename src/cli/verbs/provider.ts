import { type Command, Option } from 'commander'
import { adminToken } from '../admin-token.ts'
import { readRecording } from '../../fit/read-recording.ts'
import type { Threads } from '../../provider/workers/start-workers.ts'
import type { Recording } from '../../result/recording.ts'
import { Mistake } from '../../workload/mistake.ts'
import type { Workload } from '../../workload/workload.ts'
import { beginProviderThread } from '../begin-provider-thread.ts'
import { exitCodes, UserError } from '../exit-codes.ts'
import { createIo } from '../io.ts'
import { openProxy, type ProxyFlags } from '../open-proxy.ts'
import {
  collectHost,
  type CommonFlags,
  port,
  positiveNumber,
  positiveWhole,
  withCommonFlags,
} from '../options.ts'
import { readText, readWorkload } from '../read-workload.ts'
import { tokenWords } from '../token-words.ts'
import { serveUntilStopped, stopSignal } from './serve.ts'

interface Flags extends CommonFlags, ProxyFlags {
  readonly host: string
  readonly port: number
  readonly speed: number
  readonly adminToken?: string
  readonly env?: boolean
  readonly child?: boolean
  readonly mcpStdio?: boolean
  readonly replay?: string
  readonly workers: number
}

/** `plimsoll provider FILE`: the simulated model and tools. */
export function provider(program: Command): void {
  withCommonFlags(program.command('provider').argument('<file>', 'workload file'))
    .summary('play the model and the tools behind an agent')
    .description('Plays the model API and the tools of the file, on loopback, at no cost.')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port; 0 takes a free one', port, 4010)
    .option(
      '--speed <factor>',
      'time compression: latencies and quota windows are divided by it',
      positiveNumber,
      1,
    )
    .option(
      '--admin-token <token>',
      'token for the admin API, or PLIMSOLL_ADMIN_TOKEN; needed when not on loopback',
    )
    .option('--env', 'print the environment variables that point an agent here, then serve')
    .option('--mcp-stdio', 'serve the tools as an MCP server over stdin and stdout, and nothing else')
    .option(
      '--replay <recording>',
      'play a recording of plimsoll init --record instead of what the file says',
    )
    .option('--workers <number>', 'threads that play the models, each on a core of its own', positiveWhole, 1)
    .option(
      '--proxy <port>',
      'also be a forward proxy on this port, for agents with the address of their model built in',
      port,
    )
    .addOption(
      new Option(
        '--proxy-others <what>',
        'with --proxy: what becomes of connections to other hosts than models',
      )
        .choices(['refuse', 'tunnel'])
        .default('refuse'),
    )
    .option(
      '--model-host <host>',
      'with --proxy: one more host of models, such as *.llm.example.com (repeatable)',
      collectHost,
      [],
    )
    .addOption(new Option('--proxy-folder <folder>', 'where the proxy writes what a child needs').hideHelp())
    .option('--child', 'end with the parent process')
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll provider support.yaml --port 4010\n  OPENAI_BASE_URL=http://127.0.0.1:4010/v1 node my-agent.js',
    )
    .action(async (file: string, flags: Flags) => {
      const io = createIo(flags)
      const workload = readWorkload(file, flags.set, io)
      // Loaded where it is needed: other verbs start without it.
      if (flags.mcpStdio) {
        const { serveToolsOverStdio } = await import('../../provider/serve-stdio.ts')
        const { seed, speed } = flags
        const tools = serveToolsOverStdio(workload, { seed, speed }, process.stdin, process.stdout)
        await tools.closed
        await tools.close()
        process.exit(exitCodes.ok)
      }
      const recording = flags.replay === undefined ? undefined : recordingIn(flags.replay)
      const { hostRefusal, startProvider } = await import('../../provider/start-provider.ts')
      const token = flags.adminToken ?? adminToken().adminToken
      const refusal = hostRefusal(flags.host, token)
      if (refusal !== undefined)
        throw new UserError(refusal, {
          hint: 'export PLIMSOLL_ADMIN_TOKEN=…; load, find and check read it too',
        })
      const stop = stopSignal(flags.child ?? false)
      const server = await startProvider(workload, {
        host: flags.host,
        port: flags.port,
        seed: flags.seed,
        speed: flags.speed,
        runId: 'provider',
        ...(recording ? { recording } : {}),
        ...(flags.workers > 1 ? { threads: threadsFor(workload, file, flags) } : {}),
        ...(token === undefined ? {} : { adminToken: token }),
      }).catch((error: NodeJS.ErrnoException) => {
        if (error instanceof Mistake) throw new UserError(error.message)
        throw error.code === 'ENOTSUP' ? portNotShared() : error
      })
      const proxy =
        flags.proxy === undefined
          ? undefined
          : await openProxy({ host: proxyTo(flags.host), port: server.port }, flags).catch(
              async (error: unknown) => {
                await server.close()
                throw error
              },
            )
      if (flags.env)
        io.result(
          [...providerEnvironment(server.url), ...(proxy?.environment ?? [])]
            .map(([name, value]) => `export ${name}=${value}`)
            .join('\n'),
        )
      const words = `model, tools and admin API of «${workload.name}» on ${server.url} (OPENAI_BASE_URL=${server.url}/v1)`
      if (!flags.child) io.note(`tokens: ${tokenWords(workload.models)}`)
      if (proxy) io.note(`forward proxy on ${proxy.url} (HTTPS_PROXY); --env prints what trusts it`)
      const close = async (): Promise<void> => {
        await proxy?.close()
        await server.close()
      }
      // What is printed can be read by a shell, to its end.
      const announced = flags.env ? `# ${words}` : words
      await serveUntilStopped({ url: server.url, close }, announced, io, stop)
    })
}

/** A provider that listens everywhere is reached on loopback. */
const proxyTo = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host)

function portNotShared(): UserError {
  return new UserError('threads cannot share a port on this system', { hint: 'play without --workers' })
}

function threadsFor(workload: Workload, file: string, { workers, set }: Flags): Threads {
  const engine = workload.models.find((model) => model.engine)
  if (engine)
    throw new UserError(`model '${engine.key}' is as fast as its load lets it be, and so has one queue`, {
      hint: 'play it without --workers',
    })
  return { count: workers, begin: () => beginProviderThread(file, set) }
}

function recordingIn(file: string): Recording {
  const read = readRecording(readText(file, largestRecordingBytes))
  if (typeof read !== 'string') return read
  throw new UserError(`${file} is no recording: ${read}`, {
    hint: 'plimsoll init --through --record writes one',
  })
}

const largestRecordingBytes = 200_000_000

/** What points the usual clients at a provider of ours; any key is accepted and none is stored. */
export function providerEnvironment(url: string): (readonly [name: string, value: string])[] {
  const key = 'plimsoll'
  return [
    ['OPENAI_BASE_URL', `${url}/v1`],
    ['OPENAI_API_BASE', `${url}/v1`],
    ['OPENAI_API_KEY', key],
    ['AZURE_OPENAI_ENDPOINT', url],
    ['AZURE_OPENAI_API_KEY', key],
    ['OPENAI_API_VERSION', '2024-10-21'],
    ['ANTHROPIC_BASE_URL', url],
    ['ANTHROPIC_API_KEY', key],
    ['GOOGLE_GEMINI_BASE_URL', url],
    ['GOOGLE_VERTEX_BASE_URL', url],
    ['GEMINI_API_KEY', key],
    ['GOOGLE_API_KEY', key],
    ['AWS_ENDPOINT_URL_BEDROCK_RUNTIME', url],
    ['AWS_BEARER_TOKEN_BEDROCK', key],
    ['AWS_REGION', 'us-east-1'],
    ['PLIMSOLL_TOOLS_URL', url],
    ['PLIMSOLL_MCP_URL', `${url}/mcp`],
  ]
}
