import type { Command } from 'commander'
import { startProvider } from '../../provider/start-provider.ts'
import { createIo } from '../io.ts'
import { type CommonFlags, port, positiveNumber, withCommonFlags } from '../options.ts'
import { readWorkload } from '../read-workload.ts'
import { serveUntilStopped } from './serve.ts'

interface Flags extends CommonFlags {
  readonly host: string
  readonly port: number
  readonly speed: number
  readonly adminToken?: string
  readonly env?: boolean
  readonly child?: boolean
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
    .option('--admin-token <token>', 'token for the admin API; needed when not on loopback')
    .option('--env', 'print the environment that points an agent here, then serve')
    .option('--child', 'end with the parent process')
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll provider support.yaml --port 4010\n  OPENAI_BASE_URL=http://127.0.0.1:4010/v1 node my-agent.js',
    )
    .action(async (file: string, flags: Flags) => {
      const io = createIo(flags)
      const workload = readWorkload(file, flags.set, io)
      const server = await startProvider(workload, {
        host: flags.host,
        port: flags.port,
        seed: flags.seed,
        speed: flags.speed,
        runId: 'provider',
        ...(flags.adminToken === undefined ? {} : { adminToken: flags.adminToken }),
      })
      if (flags.env)
        io.result(
          providerEnvironment(server.url)
            .map(([name, value]) => `export ${name}=${value}`)
            .join('\n'),
        )
      const words = `model, tools and admin API of «${workload.name}» on ${server.url} (OPENAI_BASE_URL=${server.url}/v1)`
      await serveUntilStopped(server, words, io, flags.child ?? false)
    })
}

/** What points the usual clients at a provider of ours; any key is accepted and none is stored. */
export function providerEnvironment(url: string): (readonly [name: string, value: string])[] {
  return [
    ['OPENAI_BASE_URL', `${url}/v1`],
    ['OPENAI_API_BASE', `${url}/v1`],
    ['OPENAI_API_KEY', 'plimsoll'],
    ['PLIMSOLL_TOOLS_URL', url],
  ]
}
