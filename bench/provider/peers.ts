/** The simulated providers that bench/provider.ts compares: how each is installed and started. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What every stream is like. */
export interface StreamShape {
  readonly tokens: number
  readonly firstMs: number
  readonly gapMs: number
}

export interface Peer {
  readonly name: string
  /** Of Chat Completions, where it is not the usual one. */
  readonly path?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Cores that it may use, as `taskset` counts them; the first where absent. The reader has the second. */
  readonly cores?: string
  /** The command that starts it. */
  args(shape: StreamShape, port: number): string[]
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export function plimsoll(folder: string, workers: number): Peer {
  return {
    name: workers === 1 ? 'plimsoll' : `plimsoll, ${workers} workers`,
    ...(workers > 1 ? { cores: '0,1' } : {}),
    args({ tokens, firstMs, gapMs }, port) {
      const file = join(folder, 'bench.yaml')
      writeFileSync(
        file,
        `name: bench\nscenarios: [{ depth: 1 }]\n` +
          `model: { id: bench, output: ${tokens}, ttft: ${firstMs}ms, perToken: ${gapMs}ms }\n`,
      )
      const flags = [
        '--port',
        String(port),
        '--quiet',
        ...(workers > 1 ? ['--workers', String(workers)] : []),
      ]
      return [process.execPath, here('../../bin/plimsoll.js'), 'provider', file, ...flags]
    },
  }
}

/** What this machine and Node need for it whoever is asked. */
export const bare: Peer = {
  name: 'a bare server',
  args: ({ tokens, firstMs, gapMs }, port) => [
    process.execPath,
    '--max-semi-space-size=4',
    here('bare.ts'),
    `--port=${port}`,
    `--tokens=${tokens}`,
    `--first-ms=${firstMs}`,
    `--gap-ms=${gapMs}`,
  ],
}

/** One answer for everything, in chunks of four characters. */
export function aimock(path: string | undefined, folder: string): Peer {
  const script = path ?? join(folder, 'node_modules/@copilotkit/aimock/dist/cli.js')
  if (path === undefined) install('npm', ['install', '--silent', '--prefix', folder, '@copilotkit/aimock'])
  return {
    name: 'aimock',
    args({ tokens, firstMs, gapMs }, port) {
      const fixtures = join(folder, 'fixtures.json')
      const answer = {
        match: { endpoint: 'chat' },
        response: { content: 'abc '.repeat(tokens) },
        streamingProfile: { ttft: firstMs, tps: 1000 / gapMs },
        chunkSize: 4,
      }
      writeFileSync(fixtures, JSON.stringify({ fixtures: [answer] }))
      const flags = ['--port', String(port), '--fixtures', fixtures, '--log-level', 'silent']
      return [process.execPath, script, ...flags]
    },
  }
}

const llmdModule = 'github.com/llm-d/llm-d-inference-sim/cmd/llm-d-inference-sim'

/** As many tokens as `max_tokens` says, since the request tells it to ignore the end. */
export function llmd(path: string | undefined, folder: string): Peer {
  if (path === undefined)
    install('go', ['install', `${llmdModule}@v0.9.2`], { GOBIN: folder, CGO_ENABLED: '0' })
  return {
    name: 'llm-d-inference-sim',
    args: ({ tokens, firstMs, gapMs }, port) => [
      path ?? join(folder, 'llm-d-inference-sim'),
      `--port=${port}`,
      '--model=bench',
      '--mode=random',
      '--max-num-seqs=20000',
      '--max-waiting-queue-length=20000',
      `--time-to-first-token=${firstMs}ms`,
      `--inter-token-latency=${gapMs}ms`,
      `--max-model-len=${tokens * 4}`,
    ],
  }
}

/** A word is a token, and so is the space behind it. */
export function llmsim(path: string | undefined, folder: string): Peer {
  if (path === undefined) install('cargo', ['install', '--quiet', '--root', folder, 'llmsim'])
  return {
    name: 'llmsim',
    path: '/openai/v1/chat/completions',
    environment: { RUST_LOG: 'error' },
    args({ tokens, firstMs, gapMs }, port) {
      const file = join(folder, 'llmsim.toml')
      const latency = `ttft_mean_ms = ${firstMs}\nttft_stddev_ms = 0\ntbt_mean_ms = ${gapMs}\ntbt_stddev_ms = 0`
      writeFileSync(
        file,
        `[server]\nport = ${port}\nhost = "127.0.0.1"\n[latency]\n${latency}\n` +
          `[response]\ngenerator = "fixed:${'abc '.repeat(tokens / 2)}"\n`,
      )
      return [path ?? join(folder, 'bin/llmsim'), 'serve', '--config', file]
    },
  }
}

function install(command: string, args: readonly string[], environment: Record<string, string> = {}): void {
  execFileSync(command, args, { stdio: 'ignore', env: { ...process.env, ...environment } })
}
