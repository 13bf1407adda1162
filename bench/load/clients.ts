/** The load testers that bench/load.ts compares: how each is started, and where it says what it saw. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openRun } from '../../src/store/open-run.ts'

/** One thing to do, by every tester alike. */
export interface Work {
  readonly users: number
  readonly seconds: number
  readonly thinkSeconds: number
  /** Left out of what is said, where a tester knows how. */
  readonly warmUpSeconds?: number
  /** Over which its users come; all at once unless said, as most testers have it. */
  readonly rampUpSeconds?: number
  readonly accept: 'text/event-stream' | 'application/json'
}

/** What a tester says it saw; absent where it cannot know. */
export interface Said {
  readonly turns?: number
  readonly tokens?: number
  readonly p50Ms?: number
  readonly p99Ms?: number
  readonly ttftP50Ms?: number
  readonly ttftP99Ms?: number
  readonly gapP99Ms?: number
  /** How late it sent. */
  readonly lateP99Ms?: number
  /** Whether it found itself fast enough. */
  readonly valid?: boolean
}

export interface Client {
  readonly name: string
  command(
    work: Work,
    target: string,
    folder: string,
  ): { readonly args: readonly string[]; readonly env?: Readonly<Record<string, string>> }
  read(stdout: string): Said
  /** Every turn that it counts, where it keeps them. */
  turns?(
    folder: string,
  ): Iterable<{ readonly session: number; readonly turn: number; readonly tookMs: number }>
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const environment = (work: Work, target: string): Record<string, string> => ({
  TARGET: target,
  USERS: String(work.users),
  DURATION: `${work.seconds}s`,
  THINK_SECONDS: String(work.thinkSeconds),
  ACCEPT: work.accept,
})
const lastJson = (stdout: string): Said =>
  JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1).trim()) as Said

/** What the others send, too: messages of one session that nobody opens. */
const oneSession =
  'driver: http, http: { send: { path: /api/sessions/s-1/messages, body: { content: "{text}" } }, ' +
  'answer: { format: json, text: /content } }'

/** Through its command line, with records, summary and report as everybody gets them. */
export function plimsoll(): Client {
  return {
    name: 'plimsoll',
    command(work, target, folder) {
      const file = join(folder, 'work.yaml')
      const driver = work.accept === 'text/event-stream' ? 'driver: sessions' : oneSession
      // One turn a session for each user's whole time: as the others, without opening sessions again and again.
      writeFileSync(
        file,
        `name: bench\ntarget: { url: "${target}", ${driver} }\n` +
          `users: { think: ${work.thinkSeconds}s, turns: 1000000 }\nscenarios: [{ say: hello }]\n` +
          `model: { output: 200, ttft: 200ms, perToken: 20ms }\n`,
      )
      const warmUp = work.warmUpSeconds ?? 0
      const load = ['load', file, '--users', String(work.users), '--duration', `${work.seconds - warmUp}s`]
      const ramp = work.rampUpSeconds === undefined ? [] : ['--ramp-up', `${work.rampUpSeconds}s`]
      const alone = ['--warm-up', `${warmUp}s`, '--provider', 'none', '--no-preflight', '--quiet', '--json']
      const out = ['--out', join(folder, 'runs')]
      return { args: [process.execPath, here('../../bin/plimsoll.js'), ...load, ...ramp, ...alone, ...out] }
    },
    read(stdout) {
      const { turns, latency, generator } = JSON.parse(stdout) as {
        turns: { completed: number }
        latency: Record<string, { p50: number; p99: number; count: number } | undefined>
        generator: { valid: boolean; latenessP99Ms?: number }
      }
      const { turnMs, ttftMs, interTokenMs } = latency
      return {
        turns: turns.completed,
        valid: generator.valid,
        ...(generator.latenessP99Ms === undefined ? {} : { lateP99Ms: generator.latenessP99Ms }),
        ...(turnMs ? { p50Ms: turnMs.p50, p99Ms: turnMs.p99 } : {}),
        ...(ttftMs ? { ttftP50Ms: ttftMs.p50, ttftP99Ms: ttftMs.p99 } : {}),
        ...(interTokenMs ? { tokens: interTokenMs.count, gapP99Ms: interTokenMs.p99 } : {}),
      }
    },
    *turns(folder) {
      const runs = join(folder, 'runs')
      const run = openRun(join(runs, readdirSync(runs)[0]!))
      const { warmupMs = 0, measuredMs = Infinity } = run.probes[0]!
      for (const { session, turn, outcome, sentAtMs, endedAtMs } of run.readTurns())
        if (outcome === 'completed' && endedAtMs >= warmupMs && endedAtMs < warmupMs + measuredMs)
          yield { session, turn, tookMs: endedAtMs - sentAtMs }
      run.close()
    },
  }
}

export function k6(path: string, script: 'k6.js' | 'k6-sse.js', name: string): Client {
  return {
    name,
    command: (work, target) => ({
      args: [path, 'run', '--quiet', '--no-color', here(`peers/${script}`)],
      env: { ...environment(work, target), K6_NO_USAGE_REPORT: 'true' },
    }),
    read: lastJson,
  }
}

export function locust(path: string): Client {
  return {
    name: 'locust',
    command: (work, target) => ({
      args: [
        path,
        '-f',
        here('peers/locustfile.py'),
        '--headless',
        '--host',
        target,
        '--only-summary',
        '-u',
        String(work.users),
        '-r',
        String(work.users),
        '-t',
        `${work.seconds}s`,
        '--stop-timeout',
        '0',
        '--loglevel',
        'ERROR',
      ],
      env: environment(work, target),
    }),
    read: (stdout) => lastJson(`\n${/^\{.*\}$/m.exec(stdout)?.[0] ?? '{}'}`),
  }
}

/** Its users are put into workers of its own; all of them share the core they are given. */
export function artillery(path: string): Client {
  return {
    name: 'artillery',
    command(work, target, folder) {
      const out = join(folder, 'artillery.json')
      const run = `"$1" "$2" run --quiet --output ${out} "$3" >&2 && cat ${out}`
      return {
        args: ['bash', '-c', run, 'bash', process.execPath, path, here('peers/artillery.yml')],
        env: { ...environment(work, target), ARTILLERY_DISABLE_TELEMETRY: 'true' },
      }
    },
    read(stdout) {
      const { aggregate } = JSON.parse(stdout) as {
        aggregate: {
          counters: Record<string, number>
          summaries: Record<string, { p50: number; p99: number } | undefined>
        }
      }
      const took = aggregate.summaries['http.response_time']
      return {
        turns: aggregate.counters['http.codes.200'] ?? 0,
        ...(took ? { p50Ms: took.p50, p99Ms: took.p99 } : {}),
      }
    },
  }
}

/** Knows neither think time nor streams: plain requests only. */
export function autocannon(path: string): Client {
  return {
    name: 'autocannon',
    command: (work, target) => ({
      args: [
        process.execPath,
        path,
        '--json',
        '-c',
        String(work.users),
        '-d',
        String(work.seconds),
        '-m',
        'POST',
        '-b',
        '{"content":"hello"}',
        '-H',
        'content-type=application/json',
        '-H',
        `accept=${work.accept}`,
        `${target}/api/sessions/s-1/messages`,
      ],
    }),
    read(stdout) {
      const said = JSON.parse(stdout) as { '2xx': number; latency: { p50: number; p99: number } }
      return { turns: said['2xx'], p50Ms: said.latency.p50, p99Ms: said.latency.p99 }
    },
  }
}
