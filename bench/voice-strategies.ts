/**
 * What each strategy of the reference voice agent buys: the same calls come in with the strategy and without, in the
 * trouble that it is for, and a call is carried when every turn of it got its first sound within 2 s.
 *
 *   npm run bench:voice-strategies -- --seconds 40 --only breakers,aside
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { answeredWithinMs, sceneFile, type StrategyScene, strategyScenes } from './voice/strategy-scenes.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '30' }, only: { type: 'string' } },
})
const seconds = Number(values.seconds)
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-voice-'))
const program = fileURLToPath(new URL('../bin/plimsoll.js', import.meta.url))

interface Carried {
  readonly calls: number
  readonly carried: number
  readonly p95Ms: number
  /** Of the turns, those that got no sound before the caller gave up. */
  readonly unanswered: number
  readonly valid: boolean
}

async function play(scene: StrategyScene, isOn: boolean): Promise<Carried> {
  const file = join(folder, `${scene.strategy}-${isOn ? 'on' : 'off'}.yaml`)
  writeFileSync(file, sceneFile(scene, isOn))
  const rate = /calls: (\d+)\/min/.exec(scene.phone[0]!)![1]!
  const perSecond = `${Number(rate) / 60}/s`
  const spell = ['--reference', '--arrivals', perSecond, '--duration', `${seconds}s`, '--warm-up', '10s']
  const out = join(folder, `${scene.strategy}-${isOn}`)
  const text = await run(['load', file, ...spell, '--json', '--quiet', '--out', out])
  const summary = JSON.parse(text) as {
    latency: { ttftMs: { p95: number } }
    generator: { valid: boolean }
  }
  const { calls, carried, unanswered } = carriedCalls(
    join(out, readdirSync(out)[0]!, 'records.sqlite'),
    scene,
  )
  const p95Ms = summary.latency.ttftMs.p95
  return { calls, carried, unanswered, p95Ms, valid: summary.generator.valid }
}

function carriedCalls(path: string, { counts, scenarios }: StrategyScene) {
  const database = new DatabaseSync(path, { readOnly: true })
  const which =
    counts === undefined ? '' : `and scenario = ${scenarios.findIndex((each) => each.includes(counts))}`
  const good = `outcome = 'completed' and first_token_at_ms - sent_at_ms <= ${answeredWithinMs}`
  const row = database
    .prepare(
      `select count(*) calls, sum(good) carried, sum(unanswered) unanswered from (
         select min(${good}) good, sum(outcome != 'completed') unanswered from turns where error_kind != 'cut' ${which} group by session)`,
    )
    .get() as { calls: number; carried: number | null; unanswered: number | null }
  database.close()
  return { calls: row.calls, carried: row.carried ?? 0, unanswered: row.unanswered ?? 0 }
}

function run(command: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...command], { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.once('close', (code) => {
      // 99: an objective is missed, which is what some of them are for; 109: the machine did not keep up.
      if ([0, 99, 109].includes(code ?? 1)) resolve(text)
      else reject(new Error(`plimsoll ${command.join(' ')}: ${said}`))
    })
  })
}

const perMinute = ({ carried }: Carried): string => ((carried / (seconds + 10)) * 60).toFixed(1)
const told = (played: PromiseSettledResult<Carried>): string =>
  played.status === 'fulfilled' ? inWords(played.value) : String(played.reason)
const inWords = (each: Carried): string =>
  `${perMinute(each).padStart(6)}/min, ${each.carried} of ${each.calls}, response p95 ${(each.p95Ms / 1000).toFixed(2)} s, ` +
  `${each.unanswered} turns unanswered${each.valid ? '' : ' (frames were late: this machine did not keep up)'}`

try {
  const scenes = strategyScenes.filter(({ strategy }) => values.only?.split(',').includes(strategy) ?? true)
  for (const scene of scenes) {
    const [on, off] = await Promise.allSettled([play(scene, true), play(scene, false)])
    console.log(`\n  ${scene.strategy}: ${scene.trouble}`)
    console.log(`    on   ${told(on)}`)
    console.log(`    off  ${told(off)}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
