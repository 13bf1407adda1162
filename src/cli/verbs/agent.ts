import type { Command } from 'commander'
import { startAgent } from '../../agent/start-agent.ts'
import { createIo } from '../io.ts'
import { type CommonFlags, httpUrl, port, positiveNumber, withCommonFlags } from '../options.ts'
import { onlySimulated } from '../../workload/only-simulated.ts'
import { readWorkload } from '../read-workload.ts'
import { serveUntilStopped, stopSignal } from './serve.ts'

interface Flags extends CommonFlags {
  readonly host: string
  readonly port: number
  readonly modelUrl: string
  readonly toolsUrl?: string
  readonly sttUrl?: string
  readonly ttsUrl?: string
  readonly carrierUrl?: string
  readonly twilioAuthToken?: string
  readonly speed: number
  readonly child?: boolean
}

/** `plimsoll agent FILE`: the reference agent server. */
export function agent(program: Command): void {
  withCommonFlags(program.command('agent').argument('<file>', 'workload file'))
    .summary('run the reference agent server')
    .description(
      'Runs the reference agent: a real server that behaves as the file says of the agent (workers, concurrency, queue, prompt, retries).',
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port; 0 takes a free one', port, 4000)
    .option('--model-url <url>', 'OpenAI-compatible base URL', httpUrl, 'http://127.0.0.1:4010/v1')
    .option('--tools-url <url>', 'where the tools answer (default: the origin of the model)', httpUrl)
    .option(
      '--stt-url <url>',
      'calls: speech to text, as Deepgram has it (default: the origin of the model)',
      httpUrl,
    )
    .option(
      '--tts-url <url>',
      'calls: text to speech, as Deepgram has it (default: the origin of the model)',
      httpUrl,
    )
    .option(
      '--carrier-url <url>',
      'calls: the carrier that hands calls off, as Twilio has it (default: the origin of the model)',
      httpUrl,
    )
    .option(
      '--twilio-auth-token <token>',
      'calls: the token that webhooks are signed with (default: as the file says)',
    )
    .option('--speed <factor>', 'time compression of its own waits', positiveNumber, 1)
    .option('--child', 'end with the parent process')
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll agent support.yaml --port 4000 --model-url http://127.0.0.1:4010/v1',
    )
    .action(async (file: string, flags: Flags) => {
      const io = createIo(flags)
      const workload = readWorkload(file, flags.set, io)
      for (const sentence of onlySimulated(workload)) io.note(sentence)
      const stop = stopSignal(flags.child ?? false)
      const server = await startAgent(workload, {
        host: flags.host,
        port: flags.port,
        modelUrl: flags.modelUrl,
        toolsUrl: flags.toolsUrl ?? new URL(flags.modelUrl).origin,
        speed: flags.speed,
        apiKey: process.env['OPENAI_API_KEY'] ?? 'plimsoll',
        voice: {
          ...(flags.sttUrl === undefined ? {} : { sttUrl: flags.sttUrl }),
          ...(flags.ttsUrl === undefined ? {} : { ttsUrl: flags.ttsUrl }),
          ...(flags.carrierUrl === undefined ? {} : { carrierUrl: flags.carrierUrl }),
          ...(flags.twilioAuthToken === undefined ? {} : { authToken: flags.twilioAuthToken }),
        },
      })
      await serveUntilStopped(
        server,
        `agent for «${workload.name}» on ${server.url}${workload.phone ? ', calls at /voice' : ''}`,
        io,
        stop,
      )
    })
}
