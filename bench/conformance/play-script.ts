import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import type { CallRecord } from '../../src/result/records.ts'
import { judge, judgeRecords, type Told, type Verdict } from './judge.ts'
import { startWorld } from './world.ts'

export interface Script {
  /** `node` or `python`, as a path. */
  readonly command: string
  readonly file: string
  readonly cwd?: string
}

/** Drives a script's clients through `turns` turns of each check, against a provider of its own. */
export async function playScript({ command, file, cwd }: Script, turns: number): Promise<Verdict[]> {
  const provider = await startWorld()
  try {
    const { code, lines, errors } = await run(command, [file, provider.url, String(turns), '0'], cwd)
    const records = await recordsOf(provider.url)
    const verdicts = lines.map((line) => judge(JSON.parse(line) as Told, records))
    if (code !== 0 || lines.length === 0)
      verdicts.push({ ok: false, text: `${basename(file)} ended with ${code}: ${errors.slice(-2000)}` })
    return [...verdicts, judgeRecords(basename(file), records)]
  } finally {
    await provider.close()
  }
}

function run(command: string, args: readonly string[], cwd: string | undefined) {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let told = ''
  let errors = ''
  child.stdout.on('data', (part: Buffer) => (told += part.toString()))
  child.stderr.on('data', (part: Buffer) => (errors += part.toString()))
  return new Promise<{ code: number | null; lines: string[]; errors: string }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      resolve({ code, lines: told.split('\n').filter((line) => line.startsWith('{')), errors })
    })
  })
}

async function recordsOf(url: string): Promise<CallRecord[]> {
  const records: CallRecord[] = []
  for (let from = 0; ;) {
    const answer = await fetch(`${url}/_plimsoll/records?from=${from}`)
    const page = (await answer.json()) as { records: CallRecord[]; next: number }
    records.push(...page.records)
    if (page.next === from) return records
    from = page.next
  }
}
